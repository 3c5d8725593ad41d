"""IV-2: live without it."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="IV-2",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/visits"),
        others={"visit": Request("POST", "/visits")},
    ),
    tasks=(
        Task("page-stays-quick", "The page that needs no Redis stays quick",
             "page-without-it-stays-quick", 3),
        Task("visits-say-503", "What needs Redis says 503, and soon", "outage-answered-503", 3),
        Task("comes-back", "Everything is as before when Redis answers again",
             "recovers-after-outage", 3),
    ),
    hints=(
        "Who waits for Redis in the starter, for how long, and in which thread? Who else needs "
        "that thread?",
        "A visit without `async` waits in a thread of its own. With `async`, it needs a client that "
        "waits without holding the thread: redis.asyncio has the same names, with `await`.",
        "redis.Redis.from_url(url, socket_connect_timeout=…, socket_timeout=…) sets the time-outs, "
        "in seconds. All errors of the client are redis.RedisError; "
        "HTTPException(503) from fastapi makes the answer.",
        "The client tries again by itself, with pauses in between, so 0.3 s become several seconds. "
        "retry=Retry(NoBackoff(), 0) says once and no more: Retry is in redis.retry (for asyncio in "
        "redis.asyncio.retry), NoBackoff in redis.backoff.",
        "Whoever stops asking Redis after a failure must ask again soon: within 2 s after it runs "
        "on, a visit must be right.",
    ),
)  # fmt: skip
