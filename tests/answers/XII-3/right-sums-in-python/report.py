"""What was ordered on one day, added up here."""

import os
import sys
from collections import Counter

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql", "postgresql+psycopg", 1))


def quoted(word):
    return '"' + word.replace('"', '""') + '"' if set(word) & set('",\n') else word


pieces, cents = Counter(), Counter()
with engine.connect() as db:
    question = text("SELECT item, pieces, cents FROM orders WHERE day = :day")
    for row in db.execute(question, {"day": sys.argv[1]}):
        pieces[row.item] += row.pieces
        cents[row.item] += row.cents

lines = [f"{quoted(item)},{pieces[item]},{cents[item]}" for item in sorted(pieces)]
print("\n".join(["item,pieces,cents", *lines]))
