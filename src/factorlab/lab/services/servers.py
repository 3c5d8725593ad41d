"""The part of a lab that starts backing services."""

from typing import TYPE_CHECKING, TypeVar, Unpack, cast

from factorlab import course
from factorlab.engine.cleanup.labels import Session
from factorlab.lab.services.base import Access, Service, known
from factorlab.lab.services.mailbox import Mailbox
from factorlab.lab.services.postgres import Postgres
from factorlab.lab.services.redis import Redis

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

S = TypeVar("S", bound=Service)


class Servers:
    """Databases, caches and mail servers, each in a container of its own."""

    session: Session
    services: list[Service]

    def _fresh(self, name: str) -> str:
        raise NotImplementedError

    def postgres(self, name: str = "db", **access: Unpack[Access]) -> Postgres:
        """Start a PostgreSQL 15 server reachable as `name` and wait until it answers. The tables
        of `apps/LESSON/schema.sql`, if any, are in it. `access` is what is other than usual."""
        schema = course.root() / "apps" / self.session.lesson / "schema.sql"
        text = schema.read_text() if schema.is_file() else ""
        return self._keep(self.database(name, schema=text, **known(name, access)))

    def redis(self, name: str = "cache", **access: Unpack[Access]) -> Redis:
        """Start a Redis 7 server reachable as `name` and wait until it answers."""
        return self._keep(self.service(Redis, name, **access))

    def mailbox(self, name: str = "mail", **access: Unpack[Access]) -> Mailbox:
        """Start a mail server that keeps what it is sent, and wait until it answers."""
        return self._keep(self.service(Mailbox, name, **known(name, access)))

    def database(self, name: str, *, schema: str = "", **access: Unpack[Access]) -> Postgres:
        """A PostgreSQL 15 server with these tables that the lab's user does not name."""
        return Postgres(cast("Lab", self), self._fresh(name), schema=schema, **access).prepare()

    def service(self, kind: type[S], name: str, **access: Unpack[Access]) -> S:
        """A backing service that the lab's user does not name: a check's own."""
        return kind(cast("Lab", self), self._fresh(name), **access).prepare()

    def _keep(self, server: S) -> S:
        self.services.append(server)
        return server
