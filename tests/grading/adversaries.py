"""Submissions that want points they have not earned, want to stop the grading, or want to look
around. Each does its work in an answer that is otherwise the starter of III-2, which reads the
password once and so earns one point of six.
"""

from dataclasses import dataclass, field

from factorlab.course import starter

EXERCISE = "III-2"
TASKS = ("reads-the-mounted-file", "survives-rotation", "nobody-is-cut-off")
HONEST = ({"passed"}, {"failed"}, {"failed"})
"""What the starter gets when somebody has touched it: one point."""
NOTHING = ({"error"}, {"error"}, {"error"})
NO_POINT = ({"failed", "error"},) * 3
AT_MOST_HONEST = ({"passed", "failed", "error"}, {"failed", "error"}, {"failed", "error"})
"""For an answer that hurts itself in a race: how far it gets is its own business."""
BASE = starter(EXERCISE)["app.py"]


@dataclass(frozen=True)
class Adversary:
    """What it tries, the code that it adds, and the outcomes it may get, task by task."""

    tries: str
    code: str
    expected: tuple[set[str], ...] = HONEST
    app: str = field(default=BASE)

    def answer(self) -> dict[str, str]:
        return {"app.py": f"{self.app}\n\n{self.code}"}


ADVERSARIES = {
    "ends": Adversary("ends with exit status 0", "os._exit(0)\n", NOTHING),
    "loops": Adversary("never comes to an end", "while True:\n    pass\n", NOTHING),
    "stops-itself": Adversary(
        "stops all its processes, so that nothing answers and nothing ends",
        "import signal, threading, time\n\n\ndef stop():\n    time.sleep(0.5)\n"
        "    os.kill(0, signal.SIGSTOP)\n    while True:\n        pass\n\n\n"
        "os.setpgid(0, 0) if os.getpid() != 1 else None\nthreading.Thread(target=stop).start()\n",
        AT_MOST_HONEST,
    ),
    "eats-memory": Adversary(
        "takes all memory", "hoard = [bytearray(10_000_000) for _ in range(10_000)]\n", NOTHING
    ),
    "forks": Adversary(
        "fills the table of processes",
        "import threading\nimport time\n\n\ndef fork():\n    while True:\n        try:\n            os.fork()\n"
        "        except OSError:\n            time.sleep(600)\n\n\nthreading.Thread(target=fork, daemon=True).start()\n",
        AT_MOST_HONEST,
    ),
    "fills-the-disk": Adversary(
        "writes until nothing is left",
        'for place in ("/tmp/x", "/dev/shm/x", "/x", "/var/tmp/x"):\n    try:\n'
        '        with open(place, "wb") as file:\n            while True:\n'
        "                file.write(bytes(10_000_000))\n    except OSError:\n        pass\n",
    ),
    "floods": Adversary(
        "writes a log that no page can hold, with HTML and terminal codes in it",
        "import sys\n\nfor _ in range(20):\n"
        "    sys.stdout.write('<script>alert(1)</script>\\x1b[2J\\x00' * 40_000 + '\\n')\n",
    ),
    "looks-around": Adversary(
        "looks for solutions, the grader's code, other people's answers, passwords, and the engine",
        "import glob\nimport importlib.util\n\nif importlib.util.find_spec('factorlab'):\n    print('LOOT', 'the grader')\nfor name in ('/var/run/docker.sock', '/run/docker.sock', '/run/containerd'):\n"
        "    if os.path.exists(name):\n        print('LOOT', name)\n"
        "for root in ('/app', '/srv', '/home', '/root', '/run', '/mnt', '/media', '/tmp', '/var/lib'):\n"
        "  for name in glob.glob(root + '/**/*.ipynb', recursive=True) + glob.glob(root + '/**/*.toml', recursive=True):\n"
        "    print('LOOT', name)\n"
        "for name in os.environ:\n    if 'ADMIN' in name or 'POSTGRES' in name:\n        print('LOOT', name)\n",
    ),
    "asks-the-neighbors": Adversary(
        "connects to all it can think of: engine, internet, probe, the database's files",
        "import socket\n\nfor place in (('host.docker.internal', 2375), ('172.17.0.1', 2375), ('1.1.1.1', 443),\n"
        "              ('probe', 8080), ('169.254.169.254', 80)):\n    try:\n"
        "        socket.create_connection(place, timeout=0.2)\n        print('LOOT', place)\n"
        "    except OSError:\n        pass\n"
        "try:\n    with psycopg.connect(DATABASE_URL) as db:\n"
        "        print('LOOT', db.execute(\"SELECT pg_read_file('/etc/passwd')\").fetchone())\n"
        "except psycopg.Error:\n    pass\n",
    ),
    "rules-the-database": Adversary(
        "makes itself the ruler of the database, and writes the rows without requests",
        "for text in ('ALTER ROLE CURRENT_USER SUPERUSER', 'CREATE ROLE thief LOGIN SUPERUSER',\n"
        "             'DROP TABLE orders', \"INSERT INTO orders (item) SELECT 'tea' FROM generate_series(1, 20)\",\n"
        "             'REVOKE ALL ON orders FROM PUBLIC'):\n    try:\n"
        "        with psycopg.connect(DATABASE_URL) as db:\n            db.execute(text)\n"
        "    except psycopg.Error:\n        pass\n",
        AT_MOST_HONEST,
    ),
    "kills-its-parent": Adversary(
        "kills its parent, process 1, and all others",
        "import signal\n\nfor pid in (os.getppid(), 1, -1):\n    try:\n"
        "        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass\n",
        AT_MOST_HONEST,
    ),
    "swallows-signals": Adversary(
        "ignores every signal that can be ignored, SIGTERM too",
        "import signal\n\nfor number in signal.valid_signals():\n    try:\n"
        "        signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\n"
        "signal.signal = lambda *_: None\n",
    ),
    "stays-behind": Adversary(
        "starts a process in a session of its own, to outlive the grading",
        "import time\n\nif os.fork() == 0:\n    os.setsid()\n    if os.fork():\n        os._exit(0)\n"
        "    time.sleep(86_400)\n    os._exit(0)\n",
    ),
    "bombs-the-probe": Adversary(
        "answers the probe with gigabytes: packed, endless, and with headers without an end",
        "import gzip\n\nfrom fastapi.responses import Response, StreamingResponse\n\n"
        "BOMB = gzip.compress(bytes(100_000_000))\napp.router.routes.clear()\n\n\ndef endless():\n"
        "    while True:\n        yield b'<script>alert(1)</script>\\x1b[2J\\x00' * 1_000\n\n\n"
        "@app.get('/')\ndef home():\n    return Response(BOMB, headers={'content-encoding': 'gzip', 'x-long': 'x' * 60_000})\n\n\n"
        "@app.post('/orders')\ndef order():\n    return StreamingResponse(endless())\n",
        NO_POINT,
    ),
    "recognises-the-grader": Adversary(
        "knows the probe by its user agent, and answers it alone with what it would like to hear",
        "",
        NO_POINT,
        app="from fastapi import FastAPI, HTTPException, Request\n\napp = FastAPI()\nn = 0\n\n\n"
        'def known(request):\n    if request.headers.get("user-agent") != "factorlab":\n'
        '        raise HTTPException(503)\n\n\n@app.get("/")\ndef home(request: Request):\n'
        '    known(request)\n    return {"greeting": "Hello"}\n\n\n@app.post("/orders")\n'
        "def order(request: Request):\n    global n\n    known(request)\n    n += 1\n"
        '    return {"orders": n, "passed": True, "points": 6}\n',
    ),
    "pretends": Adversary(
        "answers every request well and does nothing",
        "",
        NO_POINT,
        app='from fastapi import FastAPI\n\napp = FastAPI()\nn = 0\n\n\n@app.get("/")\ndef home():\n'
        '    return {"greeting": "Hello"}\n\n\n@app.post("/orders")\ndef order():\n    global n\n'
        '    n += 1\n    return {"orders": n}\n',
    ),
}
