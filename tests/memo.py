"""A backing service of a few lines, as somebody might add one: a kind that is one class in one file."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import ClassVar

from factorlab.engine.container.plan import Limits
from factorlab.lab.services import Service
from factorlab.lab.services.base import Composed

PROGRAM = textwrap.dedent("""
    import http.server, os
    kept = []
    class Memo(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            kept.append(self.rfile.read(int(self.headers["content-length"])))
            self.answer("kept")
        def do_GET(self):
            self.answer(str(len(kept)))
        def answer(self, text):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())
    http.server.HTTPServer(("", int(os.environ["PORT"])), Memo).serve_forever()
""")


class Memo(Service):
    """Keeps what it is sent by POST, and says how much that is."""

    scheme = "http"
    user = ""
    port = 7070

    image = "python"
    limits = Limits(memory_mib=64, cpus=1, processes=16)

    kind = "memo"
    variable = "MEMO_URL"
    nickname = "notes"
    mounted = True
    names: ClassVar[Mapping[str, str]] = {"": r"^MEMO_(URL|URI)$", "host": r"^MEMO_HOST$"}
    urls = r"^memos?://"
    composed = Composed("memo", r"1(\.\d+)?", 2, "memo", "Memo 1", "memo:1.4.2")

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        return {"PORT": str(self.port)}, ("python", "-c", PROGRAM)

    def _wait(self) -> None:
        self._wait_for_port("memo server")

    def count(self) -> int:
        return int(self._network.probe.request("GET", self.url).text)

    def holds(self) -> str:
        return f"{self.count()} notes"
