"""I-1: stamp it."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract
from factorlab.questions.spec import Spec, Task

I_1 = Spec(
    id="I-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"version": Request("GET", "/version")},
    ),
    tasks=(
        Task(
            "label-and-version",
            "Label and GET /version are the revision that was built",
            "revision-is-known",
            3,
        ),
        Task("dirty-is-marked", "Uncommitted code is marked", "dirty-build-is-marked", 1),
        Task("claims-nothing", "Told nothing, it claims nothing", "unknown-is-not-a-revision", 2),
        Task("no-repository", "The repository stays out of the image", "repository-stays-out", 2),
    ),
    hints=(
        "Who knows the revision: the app, the Dockerfile, or whoever builds? How can a value get "
        "from there into the image?",
        "Three lines of the lesson's Dockerfile do it: ARG takes the build argument in, ENV hands "
        "it to the app, LABEL writes it on the image. Their order matters: ARG comes first.",
        'In the app, os.environ["REVISION"] is the revision as text. Answer with it as it is, '
        "with everything that stands behind the 40 digits.",
        "`ARG REVISION=…` has a value for builds that are told none. What would be a lie there?",
        "`COPY . .` copies the folder .git too, with all that was ever committed. Name the files "
        "that the app needs: COPY app.py . — or write a file .dockerignore with the line .git.",
    ),
)

I_2 = Spec(
    id="I-2",
    files=(
        "pricing.py",
        "shop.py",
        "shop_pricing.py",
        "billing.py",
        "billing_pricing.py",
        "Dockerfile",
        "Dockerfile.billing",
    ),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("GET", "/price?pieces=1"),
        others={"price": Request("GET", "/price"), "invoice": Request("GET", "/invoice")},
    ),
    tasks=(
        Task("same-price", "Shop and billing ask the same price", "one-rule-for-two-apps", 2),
        Task("one-place", "The rule stands in one file", "rule-stands-in-one-place", 3),
        Task("any-name", "The same code runs in every deploy", "no-name-decides", 2),
    ),
    hints=(
        "Compare shop_pricing.py with billing_pricing.py, character by character. Which of the two "
        "is right? How long would you need to find out in a larger shop?",
        "Write the rule once, as total(pieces, discount_from) in pricing.py, and import it in both "
        "apps. Each app reads DISCOUNT_FROM and passes it on.",
        "The Dockerfiles copy files by name. An app that imports pricing needs pricing.py in its "
        "image: COPY shop.py pricing.py ./",
        'Variables are texts: int(os.environ["DISCOUNT_FROM"]). Look for the name of a deploy in '
        "all files: no line should ask for APP_ENV any more.",
    ),
)
