"""The router in front of replicas: nginx with a list of addresses, rewritten and loaded anew.

It hides nothing: one connection for each request, no retry on another replica, and a dead
replica stays on the list until the list is changed, as a platform would change it.
"""

from collections.abc import Sequence, Set

from factorlab.engine.container.plan import Limits
from factorlab.errors import FactorLabError, NotReady
from factorlab.lab.apps.app import App
from factorlab.lab.apps.http import Endpoint
from factorlab.lab.contained import Contained
from factorlab.lab.network import Network
from factorlab.waiting import until

PORT = 8080
NOBODY = 9
"""A port on which nothing listens in the router's container."""
RELOAD_SECONDS, ANSWER_SECONDS = 15, 5
"""How long it may take to load a list, and to answer a first request then."""
SET_COOKIE = "set-cookie"
STICKY = {
    "": "",
    "cookie": "hash $http_cookie consistent;",
    SET_COOKIE: "",
}
"""How a request is given to a replica: in turn; always the same one for the same cookies; or, for
`set-cookie`, in turn at first, and then the one that the router's own cookie `replica` names, as
long as it is on the list."""


class Router(Endpoint, Contained):
    """An nginx 1.22 in a container, in front of replicas; made by `Lab.router`. A response names
    the replica that gave it in its header `x-replica`."""

    def __init__(self, network: Network, name: str, https: bool = False) -> None:
        self.name = self.host = name
        self.port = PORT
        self.apps: list[App] = []
        """The replicas it sends requests to now."""
        self._network, self._generation = network, 0
        self._scheme = "https" if https else "$scheme"
        limits = Limits(memory_mib=128, cpus=1, processes=32)
        self._container = network.create(network.plan("nginx", "router", name, limits))

    @property
    def address(self) -> str:
        """Its IP address inside the lab's network: the one that its replicas are asked from."""
        return self._container.address(self._network.name)

    def start(self, apps: Sequence[App], sticky: str = "") -> "Router":
        """Start it in front of these replicas and wait until it answers."""
        self._write(apps, sticky)
        self._container.start()
        self._wait()
        return self

    def point_at(self, apps: Sequence[App], sticky: str = "", *, drain: bool = False) -> None:
        """Send requests to these replicas from now on, and to no other.

        Writes the list and has nginx load it; returns when no process with the old list takes
        requests any more. What the old ones have under way, they bring to an end; with `drain`,
        it waits for that too, 15 seconds at most.
        """
        before = self._workers()
        self._write(apps, sticky)
        self._container.kill("SIGHUP")
        self._wait(before)
        if drain:
            until(lambda: not before & self._processes(), RELOAD_SECONDS)

    def remove(self) -> None:
        """Remove it; the replicas run on."""
        self._container.remove()

    def _write(self, apps: Sequence[App], sticky: str) -> None:
        if sticky not in STICKY:
            raise FactorLabError(
                f"A router cannot be sticky by '{sticky}'.",
                next="use sticky='cookie' or sticky='set-cookie', or leave it out.",
            )
        self.apps = list(apps)
        self._generation += 1
        replicas = [(app.name, _place(app, number)) for number, app in enumerate(apps, 1)]
        text = config(replicas, sticky, self._generation, self._scheme)
        self._container.put({"nginx.conf": text.encode()}, "/etc/nginx")

    def _workers(self) -> set[str]:
        """The processes that take requests now."""
        return {pid for pid, title in self._container.processes() if title == TAKES_REQUESTS}

    def _processes(self) -> set[str]:
        """All its processes, also those that only end their requests."""
        return {pid for pid, _ in self._container.processes()}

    def _wait(self, before: Set[str] = frozenset()) -> None:
        patient = self._network.probe.patient
        if not until(lambda: self._loaded(before), RELOAD_SECONDS, every=0.01, longer=patient):
            raise NotReady(
                f"The router '{self.name}' did not load its list within {RELOAD_SECONDS} s.",
                why=self.logs(tail=4),
                next="run the cell again; if it stays so, make the lab again.",
            )

    def _loaded(self, before: Set[str]) -> bool:
        """Whether none of the processes from before takes requests, and the new ones know the
        present list."""
        now = self._workers()
        if not now or now & before:
            return False
        if not self._network.probe.wait_http(f"{self.url}/_router", seconds=ANSWER_SECONDS):
            return False
        return self.get("/_router").text == str(self._generation)

    def __repr__(self) -> str:
        return f"<Router {self.name}: {', '.join(app.name for app in self.apps) or 'no replicas'}>"


TAKES_REQUESTS = "nginx: worker process"
"""What nginx calls such a process; one that only ends its requests says `is shutting down`."""


def _place(app: App, number: int) -> str:
    """Where a replica is asked. One that has ended has no address; it gets one of its own inside
    the router, on a port where nobody listens, so that it costs its share of requests."""
    address = app.address
    return f"{address}:{app.port}" if address else f"127.0.0.{number}:{NOBODY}"


def config(
    replicas: Sequence[tuple[str, str]], sticky: str, generation: int, scheme: str = "$scheme"
) -> str:
    """nginx's configuration for these replicas (name and address); `scheme` is what they are told
    of how its own clients came."""
    names = "\n".join(f'        "{address}" "{name}";' for name, address in replicas)
    upstream, to_apps = _upstream(replicas, sticky), _to_apps(bool(replicas), sticky, scheme)
    return f"""\
# Written by the lab. Generation {generation}.
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log /dev/stdout;
    keepalive_timeout 0;
    map $upstream_addr $replica {{
        default "";
{names}
    }}
{upstream}    server {{
        listen {PORT};
        location = /_router {{ access_log off; return 200 "{generation}"; }}
        location / {{
{to_apps}        }}
    }}
}}
"""


def _upstream(replicas: Sequence[tuple[str, str]], sticky: str) -> str:
    """The replicas as nginx's `upstream`, and which of them a cookie of the router's own names."""
    servers = "\n".join(f"        server {address} max_fails=0;" for _, address in replicas)
    text = (
        f"    upstream replicas {{\n        {STICKY[sticky]}\n{servers}\n    }}\n"
        if replicas
        else ""
    )
    if sticky == SET_COOKIE:
        homes = "\n".join(f'        "{name}" "{address}";' for name, address in replicas)
        text += f'    map $cookie_replica $home {{\n        default "replicas";\n{homes}\n    }}\n'
    return text


def _to_apps(any: bool, sticky: str, scheme: str) -> str:
    """What becomes of a request: it is passed on to a replica, if there is any."""
    if not any:
        return '            return 503 "no replica is attached to this router\\n";\n'
    own = sticky == SET_COOKIE
    text = (
        f"            proxy_pass http://{'$home' if own else 'replicas'};\n"
        "            proxy_next_upstream off;\n"
        "            proxy_request_buffering off;\n"
        "            proxy_connect_timeout 2s;\n"
        "            proxy_set_header Host $http_host;\n"
        "            proxy_set_header X-Forwarded-For $remote_addr;\n"
        f"            proxy_set_header X-Forwarded-Proto {scheme};\n"
        "            add_header X-Replica $replica always;\n"
    )
    cookie = '            add_header Set-Cookie "replica=$replica" always;\n'
    return text + cookie if own else text
