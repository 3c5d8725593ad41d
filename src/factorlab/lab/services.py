"""Backing services: PostgreSQL 15 and Redis 7, each in a container of its own."""

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from factorlab.display import working
from factorlab.engine.containers import Container, Limits, Plan
from factorlab.engine.images import IMAGES
from factorlab.lab.contained import Contained

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

START_SECONDS = 30
DATABASE = "shop"
_HOLD = """
LOCK TABLE pg_catalog.pg_class IN SHARE MODE;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    LOOP EXECUTE format('SELECT 1 FROM %s FOR UPDATE', name); END LOOP;
END $$
"""
"""Locks all rows, and the list of the tables against new ones."""


class Service(Contained):
    """What all backing services can do: stop, start, kill, and the faults of `Contained`."""

    def __init__(self, lab: "Lab", name: str, container: Container) -> None:
        self.name = name
        self._lab, self._container = lab, container

    @property
    def state(self) -> str:
        """What the engine says about it now: `running`, `paused`, `exited`, `removed`."""
        return self._container.state().status

    def holds(self) -> str:
        """What is in it, in words such as `3 rows`; empty while it does not run."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it in order; new connections are refused."""
        self._container.stop(10)

    def start(self) -> None:
        """Start it again, with its data, and wait until it answers."""
        self._container.start()
        self._wait()

    def kill(self) -> None:
        """SIGKILL: it ends at once."""
        self._container.kill()
        self._container.wait(5)

    def remove(self) -> None:
        """Remove it with its data."""
        self._container.remove()

    def _wait(self) -> None:
        raise NotImplementedError


class Postgres(Service):
    """A PostgreSQL 15 server with one database, `shop`, and one ordinary user, `shop`."""

    def __init__(self, lab: "Lab", name: str, password: str, schema: str = "") -> None:
        self.password = password
        self._admin = secrets.token_hex(12)
        self._schema = schema
        lab.secrets.append(password)
        plan = Plan(
            image=IMAGES["postgres"].tag,
            name=lab.session.object_name(name),
            labels=lab.session.labels("postgres", name),
            network=lab.network,
            aliases=[name],
            env={"POSTGRES_PASSWORD": self._admin, "POSTGRES_DB": DATABASE},
            command=["postgres", "-c", "log_connections=on", "-c", "log_min_error_statement=panic"],
            limits=Limits(memory_mib=512, cpus=1, processes=256),
        )
        super().__init__(lab, name, lab.create(plan))
        self._container.start()

    @property
    def url(self) -> str:
        """Where an app finds it: `postgresql://shop:PASSWORD@NAME:5432/shop`."""
        return f"postgresql://shop:{quote(self.password, safe='')}@{self.name}:5432/{DATABASE}"

    def query(self, statement: str, *parameters: Any, seconds: float = 10) -> list[list[Any]]:
        """Run one statement as the administrator, from the database's side; returns the rows. It
        may take so many seconds."""
        return self._lab.probe.sql(self._dsn(), (statement, parameters), seconds=seconds)

    def rows(self) -> int:
        """How many rows its tables hold, all together: what really arrived."""
        return count_rows(self.query)

    def holds(self) -> str:
        if self.state != "running":
            return ""
        rows = self.rows()
        return f"{rows} row" if rows == 1 else f"{rows} rows"

    def connections(self) -> int:
        """How many connections the app's user has opened since the server started, counted by
        the server itself in its log: also the ones that are closed again."""
        return self.logs().count("connection authorized: user=shop database=shop")

    def set_password(self, password: str) -> None:
        """Change the app's password, and end the connections that were opened with the old one."""
        self.query(f"ALTER ROLE shop PASSWORD {_literal(password)}")
        self.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'")
        self.password = password

    def hold(self) -> AbstractContextManager[None]:
        """Lock every row of its tables, as its administrator, until the end of the `with` block.
        Who reads goes on; who wants to change a row, or to make a table, waits."""
        return self._lab.probe.transaction(self._dsn(), _HOLD)

    def waiting(self, count: int = 1, seconds: float = 20) -> int:
        """How many containers wait for a lock in it: as soon as `count` of them do, or else after
        these seconds."""
        deadline = time.monotonic() + seconds
        with working(f"waiting for {count} to wait for a lock in '{self.name}'"):
            while (found := len(self.waiters())) < count and time.monotonic() < deadline:
                time.sleep(0.05)
        return found

    def waiters(self) -> set[str]:
        """The addresses of the containers that wait for a lock in it now."""
        return self._addresses("AND wait_event_type = 'Lock'")

    def clients(self) -> set[str]:
        """The addresses of the containers that are connected to it now."""
        return self._addresses()

    def _addresses(self, condition: str = "") -> set[str]:
        rows = self.query(
            "SELECT DISTINCT host(client_addr) FROM pg_stat_activity "
            f"WHERE application_name <> 'factorlab' AND client_addr IS NOT NULL {condition}"
        )
        return {str(address) for [address] in rows}

    def reader(self) -> str:
        """The URL of a user that may read every table there is now, and change nothing."""
        password = secrets.token_urlsafe(12)
        self._lab.secrets.append(password)
        name = f"reader_{secrets.token_hex(3)}"
        self._run_as_admin(
            f"CREATE ROLE {name} LOGIN PASSWORD {_literal(password)}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
        )
        return f"postgresql://{name}:{quote(password, safe='')}@{self.name}:5432/{DATABASE}"

    def prepare(self) -> "Postgres":
        """Wait until it answers, then create the app's user and tables."""
        statements = [
            f"CREATE ROLE shop LOGIN PASSWORD {_literal(self.password)}",
            f"ALTER DATABASE {DATABASE} OWNER TO shop",
        ]
        if self._schema:
            statements += ["SET ROLE shop", self._schema]
        self._run_as_admin(*statements)
        return self

    def _wait(self) -> None:
        self._run_as_admin("SELECT 1")

    def _run_as_admin(self, *statements: str) -> None:
        """Run statements as soon as the server accepts connections."""
        runs: list[tuple[str, tuple[Any, ...]]] = [(text, ()) for text in statements]
        self._lab.probe.sql(self._dsn(), *runs, wait=True, seconds=START_SECONDS)

    def _dsn(self) -> str:
        return f"postgresql://postgres:{self._admin}@{self.name}:5432/{DATABASE}"


class Redis(Service):
    """A Redis 7 server."""

    def __init__(self, lab: "Lab", name: str) -> None:
        plan = Plan(
            image=IMAGES["redis"].tag,
            name=lab.session.object_name(name),
            labels=lab.session.labels("redis", name),
            network=lab.network,
            aliases=[name],
            limits=Limits(memory_mib=256, cpus=1, processes=64),
        )
        super().__init__(lab, name, lab.create(plan))
        self._container.start()

    @property
    def url(self) -> str:
        """Where an app finds it: `redis://NAME:6379/0`."""
        return f"redis://{self.name}:6379/0"

    def command(self, *words: str) -> Any:
        """Run one Redis command and return its answer."""
        return self._lab.probe.redis(self.url, *words)

    def holds(self) -> str:
        if self.state != "running":
            return ""
        keys = self.command("DBSIZE")
        return f"{keys} key" if keys == 1 else f"{keys} keys"

    def prepare(self) -> "Redis":
        """Wait until it answers."""
        self._wait()
        return self

    def _wait(self) -> None:
        self._lab.probe.redis(self.url, "PING", seconds=START_SECONDS)


def count_rows(query: Callable[[str], list[list[Any]]]) -> int:
    """How many rows all tables hold that are not PostgreSQL's own; `query` runs a statement."""
    tables = query(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )
    if not tables:
        return 0
    counts = " + ".join(f"(SELECT count(*) FROM {name})" for [name] in tables)
    return int(query(f"SELECT {counts}")[0][0])


def _literal(text: str) -> str:
    """A string literal of SQL; utility statements take no parameters."""
    return "'" + text.replace("'", "''") + "'"
