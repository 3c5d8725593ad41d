"""V-1: a ledger of releases."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("config-comes-back", "A rollback brings back the config, exactly",
             "rollback-restores-config", 2),
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
)  # fmt: skip
