"""Runs Alembic up to the newest version."""

from alembic import command
from alembic.config import Config

config = Config()
config.set_main_option("script_location", "/app/migrations")
command.upgrade(config, "head")
