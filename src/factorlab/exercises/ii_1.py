"""II-1: lock it."""

from factorlab.checks.contract import Contract, Request
from factorlab.engine.builds import INSTALLS
from factorlab.exercises.spec import Spec, Task
from factorlab.lab.acme import STALL

SPEC = Spec(
    id="II-1",
    files=("requirements.txt", "app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"name": "tea", "amount": 10}),
    ),
    tasks=(
        Task("the-same-next-week", "Next week's build installs what today's does",
             "same-build-after-releases", 3),
        Task("no-other-file", "A file that was changed on the index is refused",
             "changed-files-refused", 3),
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
)  # fmt: skip
