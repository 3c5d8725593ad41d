"""O. Observability, of any app that asks another one: the trace goes on."""

import json
import secrets
from dataclasses import replace

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.deploys import deploy, fill, json_object, random_word
from factorlab.engine.images import IMAGES
from factorlab.lab import App, Call, Lab

TRACES = 10
MARK = "/factorlab-mark"
NEIGHBOR = """
import http.server, json, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        print(json.dumps({"path": self.path, "traceparent": self.headers.get("traceparent")}), flush=True)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")
    do_POST = do_PUT = do_HEAD = do_PATCH = do_DELETE = do_GET
    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""
"""Answers everybody, and writes down what it was asked with."""


def _neighbor(lab: Lab) -> App:
    dockerfile = f'FROM {IMAGES["python"].tag}\nCOPY neighbor.py .\nCMD ["python", "neighbor.py"]\n'
    image = lab.build("neighbor", {"Dockerfile": dockerfile, "neighbor.py": NEIGHBOR}, trusted=True)
    env = {"PORT": str(9000 + secrets.randbelow(900))}
    return lab.deploy(image, random_word("neighbor"), env=env)


def _heard(neighbor: App) -> list[str]:
    """The traceparents that it was asked with; what the log holds is complete up to the mark."""
    mark = random_word(MARK)
    neighbor.get(mark)
    log = neighbor.logs_with(mark, stderr=False)
    asked = [event for event in map(json_object, log.splitlines()) if event]
    return [json.dumps(event.get("traceparent")) for event in asked if MARK not in str(event)]


@check(
    "trace-goes-on",
    factor="O",
    question="Does a trace go on to the app that it asks?",
    how=f"Another app is put behind its URL. {TRACES} requests that make it ask there carry a random "
    "trace in the header traceparent (W3C Trace Context). The other app must be asked with the same "
    "traces.",
    remedy="hand the header traceparent on with every request that you send, or let OpenTelemetry's "
    "instrumentation of your HTTP client do it.",
)
def trace_goes_on(lab: Lab, subject: Subject) -> Finding:
    """What the other app answers does not matter: it was asked by then."""
    neighbor = _neighbor(lab)
    config = fill(lab, subject, "traced")
    url = f"http://{neighbor.host}:{neighbor.port}"
    told = {v.name: url for v in subject.contract.of_kind("app")}
    app = deploy(lab, subject, replace(config, env=config.env | told))
    request = subject.contract.request("through")
    before = _heard(neighbor)
    traces = [secrets.token_hex(16) for _ in range(TRACES)]
    app.load(
        [
            Call(request.method, request.path, request.json,
                 {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"})
            for trace in traces
        ],
        at_once=1,
    )  # fmt: skip
    heard = _heard(neighbor)[len(before) :]
    gone_on = sum(any(trace in one for one in heard) for trace in traces)
    log = app.logs(tail=8)
    app.remove()
    neighbor.remove()
    return Finding(
        judged(gone_on == TRACES),
        expected=f"{TRACES} of {TRACES} traces reach the other app",
        seen=f"{gone_on} of {TRACES} traces reach the other app, which was asked {len(heard)} times",
        log="" if gone_on == TRACES else log,
    )
