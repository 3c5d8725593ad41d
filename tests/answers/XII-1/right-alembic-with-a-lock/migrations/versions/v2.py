"""Balances in cents."""

from alembic import op

revision = "v2"
down_revision = None


def upgrade():
    op.execute("UPDATE accounts SET balance = balance * 100")
