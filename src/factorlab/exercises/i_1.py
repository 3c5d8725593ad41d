"""I-1: stamp it."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="I-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"version": Request("GET", "/version")},
    ),
    tasks=(
        Task("label-and-version", "Label and GET /version are the revision that was built",
             "revision-is-known", 3),
        Task("dirty-is-marked", "Uncommitted code is marked", "dirty-build-is-marked", 1),
        Task("claims-nothing", "Told nothing, it claims nothing", "unknown-is-not-a-revision", 2),
        Task("no-repository", "The repository stays out of the image", "repository-stays-out", 2),
    ),
    hints=(
        "Who knows the revision: the app, the Dockerfile, or whoever builds? How can a value get "
        "from there into the image?",
        "Three lines of the lesson's Dockerfile do it: ARG takes the build argument in, ENV hands "
        "it to the app, LABEL writes it on the image. Their order matters: ARG comes first.",
        "In the app, os.environ[\"REVISION\"] is the revision as text. Answer with it as it is, "
        "with everything that stands behind the 40 digits.",
        "`ARG REVISION=…` has a value for builds that are told none. What would be a lie there?",
        "`COPY . .` copies the folder .git too, with all that was ever committed. Name the files "
        "that the app needs: COPY app.py . — or write a file .dockerignore with the line .git.",
    ),
)  # fmt: skip
