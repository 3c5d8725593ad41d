"""V-3: one build for all deploys."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("promoted-as-it-is", "The tested image serves production as it is",
             "promoted-image-serves-production", 3),
        Task("missing-settings-are-named", "It refuses to start without a setting, and names it",
             "missing-config-is-named", 2),
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
)  # fmt: skip
