"""H-1: two probes."""

from factorlab.engine.build.dockerfile import Policy
from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

H_1 = Spec(
    id="H-1",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/cart", {"item": "tea"}),
        ready="/live",
        others={
            "live": Request("GET", "/live"),
            "ready": Request("GET", "/ready"),
            "report": Request("POST", "/report"),
        },
    ),
    tasks=(
        Task(
            "restarts-nothing", "An outage of Redis restarts nothing", "outage-restarts-nothing", 2
        ),
        Task(
            "page-stays", "The page stays up, and the cart says 503", "outage-spares-other-pages", 3
        ),
        Task("wedged", "A replica that hangs serves again", "wedged-replica-serves-again", 2),
        Task("slow-start", "A replica that loads is left alone", "slow-start-is-left-alone", 3),
    ),
    hints=(
        "Two questions, and the starter gives both the same answer. What does a restart mend? What "
        "does it help to leave out a replica, when the others have the same trouble?",
        "/live needs no code but `return`: who can answer it lives. Do not answer it from a thread "
        "or a process of its own: that one lives on when the shop hangs.",
        "redis.RedisError is what redis-py raises when Redis does not answer in time. In /cart: "
        '`except redis.RedisError:` and `raise HTTPException(503, "…")`.',
        "load() at the top of the file runs before the server listens, and nobody can be asked. "
        "threading.Thread(target=load, daemon=True).start() lets it run beside the server. Have it "
        "put what it found where the pages find it.",
        "/ready answers for what this replica has loaded itself: 503 while the catalog is not "
        "there, 2xx from then on. Redis itself it need not ask again. While load() waits, Redis may "
        "be away too: an error there must not end the thread.",
    ),
)

H_2 = Spec(
    id="H-2",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"), Variable("PORT", "port")),
        read=Request("GET", "/"),
        write=Request("POST", "/cart", {"item": "tea"}),
        ready="/live",
        others={
            "live": Request("GET", "/live"),
            "ready": Request("GET", "/ready"),
            "report": Request("POST", "/report"),
        },
    ),
    tasks=(
        Task(
            "healthy", "It calls a healthy app healthy, on any port", "healthcheck-says-healthy", 2
        ),
        Task("wedged", "It notices an app that hangs", "healthcheck-notices-a-wedge", 2),
        Task("outage", "It leaves Redis out of it", "healthcheck-spares-an-outage", 2),
    ),
    hints=(
        "Run the starter's check and read what the HEALTHCHECK wrote. Which program does it miss? "
        "Which one is in the image for sure?",
        "urllib.request.urlopen(url, timeout=2) raises an error when there is no answer in time or "
        "no 2xx, and a Python program that ends with an error ends with status 1.",
        "A script is a file of its own: %%answer H-2/healthcheck.py, COPY healthcheck.py . and "
        'HEALTHCHECK CMD ["python", "healthcheck.py"]. It has the variables of the container: '
        'os.environ["PORT"].',
        "The app has two paths about its health. Read which of them asks Redis.",
    ),
    policy=Policy(more=frozenset({"HEALTHCHECK"})),
)

H_3 = Spec(
    id="H-3",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        ready="/live",
        others={
            "live": Request("GET", "/live"),
            "ready": Request("GET", "/ready"),
            "drain": Request("POST", "/drain"),
        },
    ),
    tasks=(
        Task(
            "leaves-the-router",
            "It leaves the router, it alone, and lives on",
            "drain-leaves-the-router",
            3,
        ),
        Task("still-answers", "It answers what still comes", "drained-still-answers", 2),
        Task(
            "loses-nothing",
            "All replicas are replaced without a lost order",
            "rolling-drain-loses-nothing",
            3,
        ),
    ),
    hints=(
        "The platform tells the replica that it will end, before it ends it. What is the one thing "
        "that the replica has to say differently from then on, and to whom?",
        "A variable of the module is enough: `leaving = False` at the top, `global leaving` in the "
        "function that changes it.",
        'raise HTTPException(503, "leaving") in /ready while the mark is set. /live and /orders do '
        "not look at it: requests still come until the router has noticed.",
        "The end itself comes with SIGTERM, and uvicorn already does what is needed: it finishes "
        "what is under way and ends. A mark in Redis is seen by all replicas, and is still there "
        "after the restart.",
    ),
)
