"""What was ordered on one day, as CSV."""

import argparse
import csv
import datetime
import logging
import os
import sys

import psycopg
from psycopg.rows import dict_row

SALES = """
SELECT item, sum(pieces) AS pieces, sum(cents) AS cents FROM orders
WHERE day = %(day)s GROUP BY item ORDER BY item
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("day", type=datetime.date.fromisoformat)
    day = parser.parse_args().day
    logging.basicConfig(level=logging.INFO)
    logging.info("report of %s", day)
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as db:
            rows = db.execute(SALES, {"day": day}).fetchall()
    except psycopg.Error as error:
        logging.error("no report: %s", error)
        return 2
    writer = csv.DictWriter(sys.stdout, ["item", "pieces", "cents"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return 0


sys.exit(main())
