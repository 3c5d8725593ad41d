"""II-2: no ghosts."""

from factorlab.checks.contract import TEXT, Contract, Request
from factorlab.engine.builds import Policy
from factorlab.engine.images import IMAGES
from factorlab.exercises.spec import Spec, Task
from factorlab.lab.acme import TOOLS

SPEC = Spec(
    id="II-2",
    files=("app.py", "requirements.txt", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/prices", {"text": "prices:\n  - tea: 3\n"}),
        others={
            "prices": Request("POST", "/prices", {"text": TEXT}),
            "export": Request("POST", "/export", {"text": TEXT}),
        },
    ),
    tasks=(
        Task("packages-declared", "The package that it imports is declared",
             "imports-are-declared", 2),
        Task("no-ghost-tools", "It needs no program that nobody declared", "tools-are-declared", 2),
        Task("still-exact", "Next week's build installs what today's does",
             "same-build-after-releases", 2),
    ),
    hints=(
        "The app starts, and its first page answers. When does Python look for the package that a "
        "function imports, and when does it look for the program that it runs?",
        "Run the first check and read the log on its card: the last line names what was not found. "
        "The package that one imports as `yaml` has another name on the index: PyYAML.",
        "Python has a module of its own for what the program gzip does, and it is called gzip too: "
        "gzip.compress(data) takes bytes and gives bytes.",
        "A new line in requirements.txt needs a version, as the others have one. search() on the "
        "lab's index, in the cell above the starter, says which version it has.",
    ),
    policy=Policy((IMAGES["slim"].tag,), frozenset({"RUN"})),
    packages=TOOLS,
)  # fmt: skip
