"""One-off processes and held rows, with real containers."""

import pytest

from factorlab.errors import FactorLabError, NotStarted

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def db(lab):
    db = lab.postgres("orders-db")
    db.query("INSERT INTO orders (item) VALUES ('tea')")
    return db


def script(lab, db, text, **options):
    return lab.once("good", "python", "-c", text, env={"DATABASE_URL": db.url}, **options)


CHANGE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as db:
    print(db.execute("SELECT count(*) FROM orders").fetchone()[0], flush=True)
    db.execute("UPDATE orders SET item = item || '+'")
"""


def test_it_runs_one_command_to_its_end_and_keeps_the_two_streams_apart(lab):
    text = "import sys; print('data'); print('words', file=sys.stderr); sys.exit(3)"
    job = lab.once("good", "python", "-c", text)
    assert (job.exit_code, job.out, job.err) == (3, "data\n", "words\n")
    assert "exited" in repr(job)


def test_it_has_the_image_and_the_environment_of_its_release_and_its_own_files(lab, db):
    app = lab.run("good", env={"DATABASE_URL": db.url, "GREETING": "Hello"})
    job = app.once("sh", "-c", "echo $GREETING; echo x > /tmp/x; ls /tmp")
    assert (job.image_id, job.out) == (app.image_id, "Hello\nx\n")
    assert app.exec("ls", "/tmp") == (0, "")
    assert [app.once("true").name, app.once("true").name] == ["good-once-3", "good-once-4"]


def test_a_command_that_is_no_program_is_said_to_be_none(lab):
    with pytest.raises(NotStarted) as told:
        lab.once("good", "migrat")
    assert "migrat" in told.value.logs


def test_while_rows_are_held_reads_pass_and_changes_wait(lab, db):
    with db.hold():
        job = script(lab, db, CHANGE, wait=False)
        assert db.waiting(1) == 1
        assert db.waiters() == {job.address}
        assert job.exit_code is None
        assert job.out == "1\n"
        making = script(
            lab,
            db,
            CHANGE.replace("UPDATE orders SET item = item || '+'", "CREATE TABLE made (n int)"),
            wait=False,
        )
        assert db.waiting(2) == 2
    assert (job.wait(), making.wait()) == (0, 0)
    assert db.query("SELECT item FROM orders") == [["tea+"]]
    assert db.waiting(1, seconds=0.1) == 0


def test_a_table_that_is_not_held_can_be_changed(lab, db):
    db.query("CREATE TABLE IF NOT EXISTS other (n int)")
    with db.hold("other"):
        assert script(lab, db, CHANGE).exit_code == 0
    with pytest.raises(FactorLabError, match="nowhere"), db.hold("nowhere"):
        pass


def test_a_reader_reads_and_changes_nothing(lab, db):
    text = CHANGE + "\n"
    job = lab.once("good", "python", "-c", text, env={"DATABASE_URL": db.reader()})
    assert job.exit_code == 1
    assert job.out == "1\n"
    assert "permission denied for table orders" in job.err
