"""A process that is killed at an exact point: just before what it does is done, or just after."""

from collections.abc import Callable
from contextlib import ExitStack

from factorlab.lab.apps.process import Process
from factorlab.lab.services.postgres import Postgres
from factorlab.waiting import until

SECONDS = 60


def kill_at_commit(start: Callable[[], Process], bank: Postgres, table: str, *, done: bool) -> bool:
    """Start a process and give it SIGKILL at the moment when it commits a new row of a table.

    With `done`, the row stands, and the process has not heard so; without, all its statements are
    done and nothing stands. False when it wrote no row within a minute; it is killed all the same.
    """
    with ExitStack() as later:
        with bank.hold_commits(table):
            process = start()
            until(lambda: bank.waiters() or process.exit_code is not None, SECONDS)
            there = bool(bank.waiters())
            if there and done:
                later.enter_context(bank.unheard())
            else:
                process.kill()
                bank.end_connections()
        if there and done:
            there = bool(until(bank.not_heard, SECONDS))
            process.kill()
            bank.end_connections()
        return there
