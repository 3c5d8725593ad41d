"""V-1: a ledger of releases."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

V_1 = Spec(
    id="V-1",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"), Variable("DATABASE_URL", "postgres")),
        read=Request("GET", "/releases"),
        write=Request("POST", "/releases", {"tag": "shop:v1", "image": "sha256:0", "config": {}}),
        schema="CREATE TABLE releases (release serial PRIMARY KEY, image text NOT NULL, "
        "config jsonb NOT NULL)",
    ),
    tasks=(
        Task("code-comes-back", "A rollback brings back the code", "rollback-restores-code", 3),
        Task(
            "config-comes-back",
            "A rollback brings back the config, exactly",
            "rollback-restores-config",
            2,
        ),
        Task("history-only-grows", "The history only grows", "history-only-grows", 2),
        Task("history-lasts", "The history outlives the tool", "history-survives-the-tool", 2),
    ),
    hints=(
        "What does the starter store as `image`, and who decides what that means a week later? "
        "What happens to the entries that lie after the one you go back to?",
        "`config` is one dictionary that all entries share: `config.update(…)` changes what was "
        "released long ago. Store the config that came with the request, and nothing else.",
        "A rollback is a release: take image and config of the old one, and add them as a new "
        "entry with the next number. `raise HTTPException(404, …)` where there is no old one.",
        "In Redis, RPUSH adds a text to a list and answers how long the list is now: that is the "
        "number. LRANGE key 0 -1 gives all texts in order. json.dumps makes a text of an entry.",
        "In PostgreSQL, INSERT … RETURNING release gives the number. A config goes in as "
        "psycopg.types.json.Jsonb(config), and comes out as a dictionary.",
    ),
)

V_2 = Spec(
    id="V-2",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"), Variable("REDIS_URL", "redis")),
        read=Request("GET", "/catalog"),
        write=Request("POST", "/pictures", {"name": "assam", "svg": "<svg></svg>"}),
        others={"list": Request("GET", "/catalog")},
        schema="CREATE TABLE pictures (name text PRIMARY KEY, svg text NOT NULL)",
    ),
    tasks=(
        Task("works-frozen", "It works when its files are read-only", "runs-read-only", 3),
        Task(
            "leaves-no-trace",
            "It leaves its files alone where they can be written",
            "leaves-its-files-alone",
            2,
        ),
        Task("nothing-is-lost", "A new container takes over", "nothing-kept-in-container", 3),
    ),
    hints=(
        "Three things are written in app.py. Which of them would a new container miss, which can "
        "be made again at any time, and which does nobody need?",
        "The pictures belong into a backing service. In PostgreSQL: psycopg.connect(url), "
        "INSERT INTO pictures (name, svg) VALUES (%s, %s), SELECT name, svg FROM pictures.",
        "A container ends with its process, and the platform knows which that is: nobody reads "
        "shop.pid. The finished page can be made for each request, or kept in /tmp.",
        "`docker diff` still lists __pycache__? Python writes it when it imports app.py. A line "
        "ENV PYTHONDONTWRITEBYTECODE=1 in the Dockerfile turns that off; the lesson has one.",
    ),
)

V_3 = Spec(
    id="V-3",
    files=("app.py", "Dockerfile", "page-staging.html", "page-production.html"),
    contract=Contract(
        variables=(
            Variable("DATABASE_URL", "postgres"),
            Variable("GREETING", "text"),
            Variable("SUPPORT", "text"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"page": Request("GET", "/page")},
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task("one-build", "One build serves all deploys", "one-build-for-all-deploys", 2),
        Task(
            "promoted-as-it-is",
            "The tested image serves production as it is",
            "promoted-image-serves-production",
            3,
        ),
        Task(
            "missing-settings-are-named",
            "It refuses to start without a setting, and names it",
            "missing-config-is-named",
            2,
        ),
        Task("image-holds-no-secret", "The image could be published", "no-secret-in-image", 2),
    ),
    hints=(
        "Go through the Dockerfile line by line. Which lines come out differently when STAGE is "
        "another word? None of them may be left as it is.",
        "The app reads DATABASE_URL, GREETING and SUPPORT when it starts, so the ENV lines only "
        "hide that somebody forgot them. They can go, and ARG with them.",
        "Of the two pages, one with places to fill in is enough: $greeting and $support in a file "
        "page.html, filled in by page() with string.Template. Copy that file in the Dockerfile.",
        "Before you write COPY . ., think of what else lies in the folder: the .env, and the two "
        "old pages. COPY app.py page.html ./ names what is needed.",
    ),
    secrets=("open-sesame",),
)
