"""II-1: lock it."""

from factorlab.engine.build.dockerfile import INSTALLS, Policy
from factorlab.engine.images.course_images import IMAGES
from factorlab.factors.ii_dependencies.acme import STALL, TOOLS
from factorlab.lab import Request
from factorlab.questions.contract import TEXT, Contract
from factorlab.questions.spec import Spec, Task

II_1 = Spec(
    id="II-1",
    files=("requirements.txt", "app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"name": "tea", "amount": 10}),
    ),
    tasks=(
        Task(
            "the-same-next-week",
            "Next week's build installs what today's does",
            "same-build-after-releases",
            3,
        ),
        Task(
            "no-other-file",
            "A file that was changed on the index is refused",
            "changed-files-refused",
            3,
        ),
    ),
    hints=(
        "requirements.txt names two packages. Which four does a build install, and who chose the "
        "versions of the other two?",
        "A lock is the list of all packages that are installed, each with == and its version: "
        "those that you import and those that they need. The table of the index has a column "
        "`needs`.",
        "A version is a name, and somebody else decides which file has it. A hash is computed "
        "from the file itself. pip takes it on the package's line, after the version: "
        "acme-tax==1.0 --hash=sha256:…, with the 64 characters from the table.",
        "As soon as one package has a hash, pip wants one for all, and refuses to install those "
        "that have none. That is meant: four lines, four hashes.",
    ),
    policy=INSTALLS,
    packages=STALL,
)

II_2 = Spec(
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
        Task(
            "packages-declared",
            "The package that it imports is declared",
            "imports-are-declared",
            2,
        ),
        Task("no-ghost-tools", "It needs no program that nobody declared", "tools-are-declared", 2),
        Task(
            "still-exact",
            "Next week's build installs what today's does",
            "same-build-after-releases",
            2,
        ),
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
)
