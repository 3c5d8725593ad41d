"""H-2: a HEALTHCHECK without curl."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.engine.builds import Policy
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("healthy", "It calls a healthy app healthy, on any port",
             "healthcheck-says-healthy", 2),
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
)  # fmt: skip
