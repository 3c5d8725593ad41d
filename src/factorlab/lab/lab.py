"""A lab: one private network with a probe in it, and the apps and services one puts there."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypeVar, Unpack, overload

from factorlab import course
from factorlab.engine.build.build import Build
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.build.dockerfile import Policy
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.cleanup.watchdog import watch
from factorlab.engine.images import course_images
from factorlab.lab import variants
from factorlab.lab.apps.app import App
from factorlab.lab.apps.one_off import SECONDS, OneOff, run_once
from factorlab.lab.apps.process import How, as_text, plan
from factorlab.lab.compose.lab_rules import Project, read_compose
from factorlab.lab.compose.stack import Stack
from factorlab.lab.images import Images
from factorlab.lab.network import Network
from factorlab.lab.probe import Probe
from factorlab.lab.routing.cuttable_line import Cut
from factorlab.lab.routing.router import Router
from factorlab.lab.services.base import Access, Service, known
from factorlab.lab.services.git_repository import Repository
from factorlab.lab.services.mailbox import Mailbox
from factorlab.lab.services.package_index import Index
from factorlab.lab.services.postgres import Postgres
from factorlab.lab.services.redis import Redis
from factorlab.lab.services.wheels import Wheel

S = TypeVar("S", bound=Service)
T = TypeVar("T")
PORT = 8000
"""Where an app is asked that was told no port."""

_open: dict[str, "Lab"] = {}


class Lab:
    """A private network with apps and backing services in containers.

    `lesson` names the folder in `apps/` that variants come from; a lab for an exercise or an
    audit takes any name. Making a lesson's lab again in one process closes the first, so Run All
    twice starts afresh; labs for untrusted answers stand side by side. Everything is removed by
    `close()`, at the end of the process, and by the watchdog however the process ends. Raises
    NotReady when the machine cannot run it.
    """

    def __init__(self, lesson: str, *, untrusted: bool = False) -> None:
        course_images.require()
        watch()
        if not untrusted and (previous := _open.get(lesson)):
            previous.close()
        self.net = Network(Session(lesson), untrusted=untrusted)
        """What all its parts stand in."""
        self.images = Images(self.net)
        """What it has built."""
        self.services: list[Service] = []
        """Those that were asked for by name, in that order; not those that checks make."""
        if not untrusted:
            _open[lesson] = self

    # What it stands in

    @property
    def session(self) -> Session:
        """The labels of all that it makes, and the lesson that it is of."""
        return self.net.session

    @property
    def network(self) -> str:
        """What the engine calls its network."""
        return self.net.name

    @property
    def probe(self) -> Probe:
        """The container inside the network that sends this lab's requests."""
        return self.net.probe

    @property
    def closed(self) -> bool:
        """Whether `close()` was called."""
        return self.net.closed

    @property
    def alive(self) -> bool:
        """Whether it is open and its probe answers."""
        return self.net.alive

    @property
    def untrusted(self) -> bool:
        """Whether its apps come from strangers: read-only root, a user without a name."""
        return self.net.untrusted

    @property
    def memory_mib(self) -> int:
        """How many MiB of memory each app gets."""
        return self.net.memory_mib

    @memory_mib.setter
    def memory_mib(self, mib: int) -> None:
        self.net.memory_mib = mib

    @property
    def capable(self) -> bool:
        """Whether its apps have the engine's usual capabilities."""
        return self.net.capable

    @capable.setter
    def capable(self, usual: bool) -> None:
        self.net.capable = usual

    @property
    def secrets(self) -> list[str]:
        """The passwords of its services: what must not be found in an image."""
        return self.net.secrets

    # Images

    def image(self, name: str) -> Build:
        """The image of a variant of this lesson's app, built once per lab; of one that you made
        yourself, built anew when a file has changed. Or what a tag of this lab (`shop:v1`) means
        now, or the image with an id (`sha256:…`) that this lab has built."""
        return self.images.image(name)

    def rebuild(self, variant: str, *, cached: bool = False) -> Build:
        """Build a variant's image again; the next `run` starts the new one. With `cached`, steps
        that ran before on the same files are not run again, as in an ordinary build."""
        return self.images.rebuild(variant, cached=cached)

    def build(
        self,
        name: str,
        files: Mapping[str, bytes | str],
        *,
        trusted: bool = False,
        policy: Policy | None = None,
        cached: bool = False,
        nocache: bool = False,
        args: Mapping[str, str] | None = None,
        dockerfile: str = "Dockerfile",
    ) -> Build:
        """Build an image from files, one of which is its `dockerfile`, with `args` as the values
        of its `ARG` lines. It is held to `policy` unless the files are our own. What RUN lines did
        before is done again unless `cached`, every other step only with `nocache`. Raises Refused
        or NotStarted."""
        return self.images.build(
            name,
            files,
            trusted=trusted,
            policy=policy,
            cached=cached,
            nocache=nocache,
            args=args,
            dockerfile=dockerfile,
        )

    def build_again(self, built: Build) -> Build:
        """The same files, built anew under the same rules; later builds find none of its layers."""
        return self.images.build_again(built)

    def build_folder(self, folder: Folder, name: str = "app", *, nocache: bool = False) -> Build:
        """Build a developer's own folder, held to nothing. Raises NotStarted when that fails."""
        return self.images.build_folder(folder, name, nocache=nocache)

    def build_anew(self, built: Build) -> Build:
        """An image built once more without a cache, from wherever it was built."""
        return self.images.build_anew(built)

    def tag(self, name: str, image: str) -> Build:
        """Let a tag such as `shop:v1.2.3` mean an image from now on: the one of a variant, of
        another tag, or with an id. A tag that there is already moves. Tags belong to this lab;
        nothing else on the engine is touched. Returns the image."""
        return self.images.tag(name, image)

    def untag(self, name: str) -> None:
        """Take a tag away. The image stays, and containers of it run on."""
        self.images.untag(name)

    def find(self, name: str) -> Build | None:
        """The image that a tag means now, or that has this id; None when this lab knows none."""
        return self.images.find(name)

    def index(self, wheels: Sequence[Wheel] = ()) -> Index:
        """The lab's package index, started with these releases when it is asked for first. From
        then on, builds install from it, and from nowhere else."""
        return self.images.index(wheels)

    @property
    def has_index(self) -> bool:
        """Whether it has a package index."""
        return self.images.has_index

    # Backing services, and what else apps lean on

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
        return self.service(Postgres, name, schema=schema, **access)

    def service(self, kind: type[S], name: str, *, schema: str = "", **access: Unpack[Access]) -> S:
        """A backing service that the lab's user does not name: a check's own. `schema` makes the
        tables of one that has tables."""
        return kind(self.net, self.net.fresh(name), schema=schema, **access).prepare()

    def _keep(self, service: S) -> S:
        self.services.append(service)
        return service

    def cut(self, service: Redis) -> Cut:
        """Start a line to a Redis that can be cut between two commands; apps use its `url`."""
        return Cut(self.net, self.net.fresh(f"{service.name}-line"), service)

    def repository(self, name: str = "repository") -> Repository:
        """Make an empty git repository in a container of its own."""
        return Repository(self.net, self.net.fresh(name))

    def mount(self, name: str, text: str) -> str:
        """Put a file where apps read it and replace it in one step, as a platform mounts and
        rotates a secret. Returns its path inside the apps: `/run/secrets/NAME`."""
        return self.probe.write_secret(name, text)

    # Apps

    @overload
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: None = None,
        **how: Unpack[How],
    ) -> App: ...
    @overload
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: int,
        **how: Unpack[How],
    ) -> list[App]: ...
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: int | None = None,
        **how: Unpack[How],
    ) -> App | list[App]:
        """Start a variant of this lesson's app with this environment and wait until it answers; or
        what a tag of this lab or an image id means (see `image`).

        With `replicas`, start that many side by side and return a list; all answer to `name`.
        With `wait=False`, return at once: a worker answers nobody. `command="python worker.py"`
        starts another process type of the image, `cpus=0.5` gives it half a core, and with
        `read_only=True` nothing but `/tmp` can be written in it. Raises NotStarted with the app's
        last lines.
        """
        built, name = self.image(variant), name or variant.partition(":")[0]
        if replicas is None:
            return self.deploy(built, name, env=env, wait=wait, **how)
        alias = self.net.fresh(name)
        return self.together(
            *(
                lambda number=number: self.deploy(
                    built, f"{alias}-{number}", env=env, wait=wait, group=alias, **how
                )
                for number in range(1, replicas + 1)
            )
        )

    def deploy(
        self,
        image: Build,
        name: str,
        *,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        port: int | None = None,
        ready: str = "/",
        group: str = "",
        **how: Unpack[How],
    ) -> App:
        """Start one container of a built image; `ready` is the path that is asked until it
        answers on `port`; by default on the one that its variable PORT names, or else on 8000.
        Replicas answer to the name of their `group` too. `how` it runs is other than usual where
        it is said."""
        name, env = self.net.fresh(name), as_text(env)
        if port is None:
            text = env.get("PORT", "")
            port = int(text) if text.isascii() and text.isdigit() else PORT
        container = self.net.create(plan(self.net, image, name, env, group=group, **how))
        return App(self.net, name, image, container, env, name, port, ready).start(wait=wait)

    def once(
        self,
        variant: str,
        *command: str,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        cpus: float = 1.0,
    ) -> OneOff:
        """Run a command in a new container of a variant's image with this environment and so much
        of the cores, and wait until it ends. Raises NotStarted when there is no such command."""
        return self.job(self.image(variant), variant, command, env=env, wait=wait, cpus=cpus)

    def job(
        self,
        image: Build,
        name: str,
        command: Sequence[str],
        *,
        cpus: float = 1.0,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        seconds: float = SECONDS,
    ) -> OneOff:
        """Start a one-off process of a built image; with `wait`, until it ends or the seconds are
        over. Its name is derived from the app's. Raises NotStarted when there is no such command."""
        return run_once(
            self.net, image, name, command, cpus=cpus, env=env, wait=wait, seconds=seconds
        )

    def compose(
        self, variant: str, *, env: Mapping[str, str] | None = None, held: bool = False
    ) -> Stack:
        """The services of a variant's `compose.yaml`, which may use `env`; `up()` starts them. With
        `held`, a database stays in its start until `release()`. Raises Refused, with the line."""
        project = read_compose(variants.of(self.session.lesson, variant), env)
        return self.stack(project, lambda: self.image(variant), held)

    def stack(self, project: Project, image: Callable[[], Build], held: bool = False) -> Stack:
        """The services of a project, with the image that `build:` means in it."""
        return Stack(self.net, project, image, held)

    def router(
        self, *apps: App, name: str = "router", sticky: str = "", https: bool = False
    ) -> Router:
        """Start nginx in front of replicas and wait until it answers; `sticky="cookie"` sends
        the same cookies to the same replica, `sticky="set-cookie"` gives each browser a cookie
        that names its replica. With `https`, it tells the apps that its own clients came by
        https, as a router does that ends the encryption. `Router.point_at` changes the list."""
        return Router(self.net, self.net.fresh(name), https).start(apps, sticky)

    def who(self, address: str) -> str:
        """The name of the container that has this address in the lab's network now; the address
        itself when none has it."""
        return self.net.who(address)

    def together(self, *calls: Callable[[], T]) -> list[T]:
        """Do several slow things side by side; results in the order of the calls. All have ended
        when it returns, or raises what the first of them raised. Each runs in a copy of the
        caller's context, which tells of what experiment it is a part."""
        return self.net.together(*calls)

    def begin(self, call: Callable[[], T]) -> Future[T]:
        """Do something slow beside what follows; its `result()` waits for it."""
        return self.net.begin(call)

    # The end

    def clear(self) -> None:
        """Remove the apps and services, and keep the network and the probe for the next ones."""
        # What may be gone is forgotten first, what is there last: an interrupt leaves a lab that
        # can be used, and the next clearing removes the rest.
        self.images.forget_index()
        self.services.clear()
        self.net.clear()

    def close(self) -> None:
        """Remove everything this lab created. Closing twice is fine; if the first was interrupted,
        the second does the rest."""
        self.net.close()
        if _open.get(self.session.lesson) is self:
            del _open[self.session.lesson]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Lab {self.session.lesson}{' (closed)' if self.closed else ''}>"
