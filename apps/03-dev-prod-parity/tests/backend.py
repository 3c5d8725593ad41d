"""The database that DATABASE_URL names, whichever it is."""

import os

from sqlalchemy import create_engine

url = os.environ["DATABASE_URL"]
database = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
