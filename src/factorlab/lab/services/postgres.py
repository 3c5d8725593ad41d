"""PostgreSQL 15 in a container of its own, and what is seen and done from its own side."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Self, Unpack
from urllib.parse import quote

from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits, Plan
from factorlab.errors import FactorLabError
from factorlab.lab.network import Network
from factorlab.lab.probe import Probe
from factorlab.lab.services.base import START_SECONDS, Access, Composed, Service, address, register
from factorlab.waiting import until

COPY = (
    "pg_dump -h /var/run/postgresql -p {port} -U postgres --clean --if-exists --no-owner --no-privileges "
    '"$1" | psql -q -v ON_ERROR_STOP=1 "$2"'
)
_LOCK = 240693
_GATE = (
    "CREATE OR REPLACE FUNCTION public.factorlab_gate() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN PERFORM pg_advisory_xact_lock_shared({_LOCK}); RETURN NULL; END $$",
)
_GATED = """
DO $$ BEGIN
    CREATE CONSTRAINT TRIGGER factorlab_gate AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION public.factorlab_gate();
EXCEPTION WHEN duplicate_object THEN NULL; END $$
"""
"""At the commit of new rows, a look at a lock that others may look at too."""


_HELD = (
    'sh /usr/local/bin/entrypoint.sh postgres --version || exit; touch "$PGDATA/standby.signal"; '
    'exec "$@" -c hot_standby=off -c log_connections=on'
)
"""Starts PostgreSQL up to the point at which it says that it is starting up, and leaves it there."""


@register
class Postgres(Service):
    """A PostgreSQL 15 server with one database and one ordinary user, both `shop` unless told."""

    scheme = "postgresql"
    port = 5432
    database = "shop"

    image = "postgres"
    limits = Limits(memory_mib=512, cpus=1, processes=256)

    kind = "postgres"
    variable = "DATABASE_URL"
    mounted = True
    names: ClassVar[Mapping[str, str]] = {
        "": r"^(DATABASE|POSTGRES|PG|DB)(QL)?_?(URL|URI|DSN)$",
        "host": r"^(PGHOST|POSTGRES_HOST|DB_HOST)$",
        "port": r"^(PGPORT|POSTGRES_PORT|DB_PORT)$",
        "user": r"^(PGUSER|POSTGRES_USER|DB_USER)$",
        "password": r"^(PGPASSWORD|POSTGRES_PASSWORD|DB_PASSWORD)$",
        "name": r"^(PGDATABASE|POSTGRES_DB|DB_NAME)$",
    }
    urls = r"^postgres(ql)?(\+\w+)?://"
    composed = Composed(
        "postgres", r"15(\.\d+)?(-bookworm)?", 2, "postgres", "PostgreSQL 15", "postgres:15.20"
    )

    def __init__(
        self, network: Network, name: str, *, schema: str = "", **access: Unpack[Access]
    ) -> None:
        """Without a password, it gets a random one."""
        self._admin = secrets.token_hex(12)
        access.setdefault("password", secrets.token_urlsafe(12))
        super().__init__(network, name, schema=schema, **access)

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        env = {"POSTGRES_PASSWORD": self._admin, "POSTGRES_DB": self.database}
        settings = (f"port={self.port}", "log_connections=on", "log_min_error_statement=panic")
        return env, ["postgres", *(word for one in settings for word in ("-c", one))]

    def query(self, statement: str, *parameters: Any, seconds: float = 10) -> list[list[Any]]:
        """Run one statement as the administrator, from the database's side; returns the rows. It
        may take so many seconds."""
        return self._network.probe.sql(self._dsn(), (statement, parameters), seconds=seconds)

    def rows(self) -> int:
        """How many rows its tables hold, all together: what really arrived."""
        return count_rows(self.query)

    def tables(self) -> list[str]:
        """The names of its tables as SQL takes them, in order: `public.accounts`."""
        return table_names(self.query)

    def count(self) -> int:
        return self.rows()

    @classmethod
    def other_database(cls) -> str:
        return f"orders_{secrets.token_hex(3)}"

    def holds(self) -> str:
        if self.state != "running":
            return ""
        rows = self.rows()
        return f"{rows} row" if rows == 1 else f"{rows} rows"

    def connections(self) -> int:
        """How many connections the app's user has opened since the server started, counted by
        the server itself in its log: also the ones that are closed again."""
        return self.whole_log().count(
            f"connection authorized: user={self.user} database={self.database}"
        )

    def whole_log(self) -> str:
        """Its log up to now: complete, since a line of our own stands at its end."""
        mark = f"factorlab {secrets.token_hex(8)}"
        self.query(f"DO $$ BEGIN RAISE LOG '{mark}'; END $$")
        return self.logs_with(mark)

    def set_password(self, password: str) -> None:
        """Change the app's password, and end the connections that were opened with the old one."""
        self.query(f"ALTER ROLE {_name(self.user)} PASSWORD {_literal(password)}")
        self.end_connections()
        self.password = password

    def end_connections(self) -> None:
        """End all connections of the app's user from the server's side, with what they had not
        committed: it notices a dead client only when it has something to say to it."""
        self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", self.user
        )

    def allow(self, connections: int) -> None:
        """Let the app's user have so many connections at the same time, as a database's plan does;
        the next one is refused."""
        self.query(f"ALTER ROLE {_name(self.user)} CONNECTION LIMIT {connections:d}")

    def connected(self) -> int:
        """How many connections the app's user has now."""
        count = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
        return int(self.query(count, self.user)[0][0])

    def lock(self, table: str) -> AbstractContextManager[None]:
        """Lock a table against new and changed rows until the end of the `with` block. Who reads
        goes on."""
        return self._network.probe.transaction(self._dsn(), f"LOCK TABLE {table} IN EXCLUSIVE MODE")

    def copy_to(self, other: "Postgres") -> None:
        """Copy all tables with their rows into another server, in place of what is there:
        `pg_dump` here, `psql` there. Raises FactorLabError with their words."""
        status, output = self._container.exec(
            [
                "bash",
                "-o",
                "pipefail",
                "-c",
                COPY.format(port=self.port),
                "copy",
                self.database,
                other.url,
            ]
        )
        if status:
            raise FactorLabError(
                f"'{self.name}' could not be copied to '{other.name}'.",
                why=output[-500:],
                next="both must run; read the tools' own words above.",
            )

    def dump(self) -> str:
        """Its tables with their rows as SQL, which makes them in another database."""
        command = f"pg_dump -h /var/run/postgresql -p {self.port} -U postgres --inserts "
        command += f"--no-owner --no-privileges {self.database}"
        status, output = self._container.exec(["sh", "-c", command])
        if status:
            raise FactorLabError(f"'{self.name}' could not be dumped.", why=output[-500:])
        return "\n".join(line for line in output.splitlines() if not line.startswith("\\"))

    def hold(self, *tables: str) -> AbstractContextManager[None]:
        """Lock every row of these tables (default: of all), as its administrator, until the end of
        the `with` block. Who reads goes on; who wants to change a row waits. Without a choice of
        tables, who wants to make one waits too."""
        statements = [f"SELECT 1 FROM {name} FOR UPDATE" for name in tables or self.tables()]
        if not tables:
            statements.insert(0, "LOCK TABLE pg_catalog.pg_class IN SHARE MODE")
        return self._network.probe.transaction(self._dsn(), *statements)

    def hold_commits(self, table: str) -> AbstractContextManager[None]:
        """Let whoever has added rows to a table wait at the commit, until the end of the `with`
        block: all their statements are done, and nothing of it stands yet."""
        self._run_as_admin(*_GATE, _GATED.format(table=table))
        return self._network.probe.transaction(
            self._dsn(), f"SELECT pg_advisory_xact_lock({_LOCK})"
        )

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Let changes stand and not be confirmed, until the end of the `with` block: who commits
        waits for an answer, as if it were lost on its way."""
        self._run_as_admin(
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"
        )
        try:
            while self._confirms():
                pass
            yield
        finally:
            self._run_as_admin(
                "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"
            )

    def _confirms(self) -> bool:
        """Whether a change of our own is confirmed within a moment."""
        message = "SELECT pg_logical_emit_message(true, 'factorlab', '')"
        try:
            self._network.probe.sql(self._dsn(), (message, ()), seconds=0.3)
        except FactorLabError:
            return False
        return True

    def waiting(self, count: int = 1, seconds: float = 60) -> int:
        """How many containers wait for a lock in it: as soon as `count` of them do, or else after
        these seconds."""
        return until(
            lambda: len(self.waiters()),
            seconds,
            enough=lambda waiting: waiting >= count,
            doing=f"waiting for {count} to wait for a lock in '{self.name}'",
        )

    def calm(self, seconds: float = 60) -> bool:
        """Wait until no container waits for a lock in it any more, at most these seconds: whether
        none does."""
        return until(lambda: not self.waiters(), seconds)

    def waiters(self) -> set[str]:
        """The addresses of the containers that wait for a lock in it now."""
        return self._addresses("AND wait_event_type = 'Lock'")

    def not_heard(self) -> set[str]:
        """The addresses of the containers whose change stands and is not confirmed to them."""
        return self._addresses("AND wait_event = 'SyncRep'")

    def wait(self, statement: str, *parameters: Any, seconds: float = 30) -> list[list[Any]]:
        """Run a statement again and again until it gives rows, or the seconds are over."""
        look = partial(self.query, statement, *parameters)
        return until(look, seconds, doing=f"waiting for '{self.name}'")

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
        self._network.secrets.append(password)
        name = f"reader_{secrets.token_hex(3)}"
        self._run_as_admin(
            f"CREATE ROLE {name} LOGIN PASSWORD {_literal(password)}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
        )
        return address(self.scheme, name, password, self.name, self.port, self.database)

    def prepare(self) -> Self:
        """Wait until it answers, then create the app's user and tables."""
        user = _name(self.user)
        statements = [
            f"CREATE ROLE {user} LOGIN PASSWORD {_literal(self.password)}",
            f"ALTER DATABASE {_name(self.database)} OWNER TO {user}",
        ]
        if self._schema:
            statements += [f"SET ROLE {user}", self._schema]
        self._run_as_admin(*statements)
        return self

    @classmethod
    def composed_plan(cls, plan: Plan, command: Sequence[str], held: bool) -> Plan:
        if not held:
            return replace(plan, command=list(command) or None)
        words = list(command) or ["postgres"]
        return replace(plan, entrypoint=["sh", "-c", _HELD, "sh"], command=words)

    @classmethod
    def release(cls, container: Container) -> bool:
        status, _ = container.exec(["pg_ctl", "promote"])
        return status == 0

    @classmethod
    def attempts(cls, log: str, address: str) -> int:
        return log.count(f"connection received: host={address} ")

    @classmethod
    def composed_count(cls, probe: Probe, host: str, env: Mapping[str, str]) -> int:
        user, secret = env.get("POSTGRES_USER", "postgres"), env.get("POSTGRES_PASSWORD", "")
        url = address(
            cls.scheme, user, secret, host, cls.port, quote(env.get("POSTGRES_DB", user), safe="")
        )
        return count_rows(lambda statement: probe.sql(url, (statement, ())))

    def _wait(self) -> None:
        self._run_as_admin("SELECT 1")

    def _run_as_admin(self, *statements: str) -> None:
        """Run statements as soon as the server accepts connections."""
        runs: list[tuple[str, tuple[Any, ...]]] = [(text, ()) for text in statements]
        self._network.probe.sql(self._dsn(), *runs, wait=True, seconds=START_SECONDS)

    def _dsn(self) -> str:
        return address(self.scheme, "postgres", self._admin, self.name, self.port, self.database)


Query = Callable[[str], list[list[Any]]]


def table_names(query: Query) -> list[str]:
    """The names of all tables that are not PostgreSQL's own, as SQL takes them, in order; `query`
    runs a statement."""
    rows = query(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )
    return [str(name) for [name] in rows]


def count_rows(query: Query) -> int:
    """How many rows those tables hold."""
    if not (tables := table_names(query)):
        return 0
    counts = " + ".join(f"(SELECT count(*) FROM {name})" for name in tables)
    return int(query(f"SELECT {counts}")[0][0])


def _literal(text: str) -> str:
    """A string literal of SQL; utility statements take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    """A name of SQL."""
    return '"' + text.replace('"', '""') + '"'
