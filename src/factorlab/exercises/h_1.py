"""H-1: two probes."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("restarts-nothing", "An outage of Redis restarts nothing",
             "outage-restarts-nothing", 2),
        Task("page-stays", "The page stays up, and the cart says 503",
             "outage-spares-other-pages", 3),
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
)  # fmt: skip
