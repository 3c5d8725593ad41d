"""Expand and contract, as functions."""

import os
import sys

import psycopg

SAME = """
CREATE FUNCTION name_from_fullname() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.name := NEW.fullname; RETURN NEW; END';
CREATE FUNCTION fullname_from_name() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.fullname := NEW.name; RETURN NEW; END';
CREATE TRIGGER one BEFORE INSERT ON customers FOR EACH ROW
    WHEN (NEW.name IS NULL) EXECUTE FUNCTION name_from_fullname();
CREATE TRIGGER two BEFORE INSERT ON customers FOR EACH ROW
    WHEN (NEW.fullname IS NULL) EXECUTE FUNCTION fullname_from_name();
CREATE TRIGGER three BEFORE UPDATE ON customers FOR EACH ROW
    WHEN (NEW.fullname IS DISTINCT FROM OLD.fullname) EXECUTE FUNCTION name_from_fullname();
CREATE TRIGGER four BEFORE UPDATE ON customers FOR EACH ROW
    WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION fullname_from_name();
"""
FILL = """
UPDATE customers SET name = fullname
    WHERE id IN (SELECT id FROM customers WHERE name IS NULL LIMIT 2)
"""


def expand(db):
    with db.transaction():
        db.execute("ALTER TABLE customers ADD COLUMN name text")
        db.execute("ALTER TABLE customers ALTER COLUMN fullname DROP NOT NULL")
        db.execute(SAME)
    while db.execute(FILL).rowcount:
        pass


def contract(db):
    with db.transaction():
        db.execute("DROP FUNCTION name_from_fullname, fullname_from_name CASCADE")
        db.execute("ALTER TABLE customers DROP COLUMN fullname")


with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
    {"expand": expand, "contract": contract}[sys.argv[1]](db)
