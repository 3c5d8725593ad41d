"""Three rows in one transaction. The second breaks a rule; the code catches that and goes on."""

from backend import database
from sqlalchemy import text

with database.begin() as session:
    session.execute(text("CREATE TABLE basket (item varchar(20) PRIMARY KEY)"))

session = database.connect()
for item in ("tea", "tea", "milk"):
    try:
        session.execute(text("INSERT INTO basket VALUES (:item)"), {"item": item})
    except Exception as error:
        print(item, "->", type(error.orig).__name__)
session.commit()
print("rows:", session.scalar(text("SELECT count(*) FROM basket")))
