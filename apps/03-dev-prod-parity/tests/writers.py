"""Four writers, twenty rounds: all try to insert before one of them may commit."""

import threading

from backend import database
from sqlalchemy import text

WRITERS, ROUNDS = 4, 20
together = threading.Barrier(WRITERS)
written, refused = [], []


def write():
    with database.connect() as session:
        for _ in range(ROUNDS):
            together.wait()
            try:
                session.execute(text("INSERT INTO sales VALUES (1)"))
            except Exception as error:
                refused.append(str(error.orig))
                together.wait()
                session.rollback()
            else:
                together.wait()
                session.commit()
                written.append(1)


with database.begin() as session:
    session.execute(text("CREATE TABLE sales (amount integer)"))
writers = [threading.Thread(target=write) for _ in range(WRITERS)]
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
print("written:", len(written), "- refused:", len(refused), *sorted(set(refused)))
