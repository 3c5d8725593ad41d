"""What was ordered on one day, as CSV: python report.py 2026-03-11"""

import csv
import os
import sys

import psycopg

SALES = "SELECT item, sum(pieces), sum(cents) FROM orders WHERE day = %s GROUP BY item"

if len(sys.argv) != 2:
    sys.exit("use: python report.py DAY, for instance 2026-03-11")

rows = []
try:
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        rows = db.execute(SALES, (sys.argv[1],)).fetchall()
except psycopg.Error as error:
    print("error:", error, file=sys.stderr)
    sys.exit()

writer = csv.writer(sys.stdout)
writer.writerow(["item", "pieces", "cents"])
writer.writerows(rows)
print(f"{len(rows)} items", file=sys.stderr)
