"""OWN-1: the handover, the capstone: a legacy shop, graded by the questions of the audit."""

from factorlab.engine.build.dockerfile import INSTALLS
from factorlab.lab import Request
from factorlab.questions.contract import TEXT, USER, Contract, Variable
from factorlab.questions.spec import Spec, Task

OWN_1 = Spec(
    id="OWN-1",
    files=("app.py", "migrate.py", "Dockerfile"),
    contract=Contract(
        variables=(
            Variable("DATABASE_URL", "postgres"),
            Variable("REDIS_URL", "redis"),
            Variable("PRICES_URL", "app"),
            Variable("PORT", "port"),
        ),
        read=Request("GET", "/orders"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={
            "list": Request("GET", "/orders"),
            "event": Request("POST", "/orders", {"item": TEXT}),
            "login": Request("POST", "/login", {"user": USER}),
            "me": Request("GET", "/me"),
            "logout": Request("POST", "/logout"),
            "through": Request("GET", "/prices"),
            "live": Request("GET", "/live"),
            "version": Request("GET", "/version"),
        },
        commands={"migrate": ("python", "migrate.py")},
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL); "
        "CREATE TABLE products (name text PRIMARY KEY, price bigint NOT NULL); "
        "INSERT INTO products VALUES ('tea', 4), ('cup', 9); "
        "CREATE TABLE schema_version (version int NOT NULL); "
        "INSERT INTO schema_version VALUES (1)",
    ),
    tasks=(
        Task(
            "config-is-named",
            "III · It refuses to start without its config, and names it",
            "missing-config-is-named",
            2,
        ),
        Task(
            "image-holds-no-secret", "III · The image could be published", "no-secret-in-image", 1
        ),
        Task(
            "database-by-url", "IV · Another database is another URL", "database-swapped-by-url", 2
        ),
        Task("sessions-stay", "VI · Sessions outlive a replica", "sessions-outlive-a-replica", 2),
        Task("orders-stay", "V · A new container knows all orders", "nothing-kept-in-container", 2),
        Task("port-obeyed", "VII · It listens where the platform says", "honors-port", 2),
        Task("requests-finish", "IX · Requests in hand are answered", "requests-survive-a-stop", 1),
        Task("ends-by-itself", "IX · It ends by itself", "stops-by-itself", 2),
        Task(
            "events-told",
            "XI · Every order is an event on standard output",
            "requests-reach-stdout",
            2,
        ),
        Task("files-alone", "V · The container stays as it was built", "leaves-its-files-alone", 1),
        Task("commit-known", "I · A deploy says which commit it runs", "revision-is-known", 1),
        Task("built-alike", "II · Built twice, it is the same", "two-builds-alike", 1),
        Task("start-together", "XII · Three replicas may start at once", "starts-side-by-side", 2),
        Task("one-off-migrates", "XII · A one-off process migrates", "migrate-command-migrates", 1),
        Task(
            "alive-in-an-outage", "H · It is alive while others are not", "live-bears-an-outage", 2
        ),
        Task("trace-handed-on", "O · A trace goes on to the prices", "trace-goes-on", 2),
    ),
    hints=(
        "Go through app.py from top to bottom and ask of each name that is not inside of a "
        "function: who else would have to know this, and what becomes of it when the container "
        "goes? There are five such things.",
        'os.environ["NAME"] has no default, and its error names the variable. psycopg.connect '
        "takes a whole URL, so nothing has to be cut apart. The list of orders is in the table "
        "orders already: read it there. Sessions go to Redis: cache.set(key, user, ex=3600), "
        "cache.get(key), cache.delete(key).",
        'Let Python read the port: uvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"]))'
        ' at the end of app.py, and CMD ["python", "app.py"]. The server is process 1 then, and '
        "SIGTERM reaches it. Leave out the time-out of a second: it cuts off whoever waits longer.",
        "What a platform asks of /live is whether this process lives. Redis has another process. "
        "And a logging.StreamHandler(sys.stdout) puts each event where the platform reads.",
        "migrate() moves to migrate.py as it is, with its own connection; app.py no longer calls "
        "it. In the Dockerfile: ARG REVISION, a LABEL org.opencontainers.image.revision=$REVISION, "
        "an ENV that takes its value to GET /version. COPY . . takes a .env along that lies in the "
        "folder: name the two files instead. And .env is not the only place of a password.",
        "The time of a build is another one in each build, and the commit already says which code "
        "this is: what the RUN line writes, nobody needs. A FastAPI function takes a header as "
        'traceparent: str = Header(""); httpx.get(url, headers={"traceparent": traceparent}) hands '
        "it on.",
    ),
    policy=INSTALLS,
    secrets=("tulips-4711",),
)
