"""X-2: repair the article's Compose file."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="X-2",
    files=("compose.yaml", "app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
    ),
    tasks=(
        Task("from-nothing-to-ready", "From nothing to ready, three times in a row",
             "stack-comes-up-from-nothing", 4),
        Task("credentials-outside", "The credentials come from outside",
             "no-credentials-in-image", 2),
        Task("versions-fixed", "The versions are fixed", "image-versions-are-fixed", 1),
    ),
    hints=(
        "Start with the database: what does its log say in the lesson? An entry `environment` of "
        "the service db sets its variables.",
        "The URL needs user and password: postgresql://shop:${DB_PASSWORD}@db/shop. With "
        "POSTGRES_USER=shop, the image makes the user shop and a database of the same name.",
        "A healthcheck has a test (pg_isready), an interval (1s) and a number of retries. With "
        "retries: 3 and interval: 1s, a database that takes four seconds counts as unhealthy.",
        "Below depends_on, write db: and below that condition: service_healthy, each line "
        "indented by two more spaces. Or let the app ask again: while True, try, time.sleep.",
        "Look into the Dockerfile: COPY . . takes every file of the folder into the image.",
    ),
)  # fmt: skip
