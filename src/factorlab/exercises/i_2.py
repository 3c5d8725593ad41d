"""I-2: unfork."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="I-2",
    files=(
        "pricing.py", "shop.py", "shop_pricing.py", "billing.py", "billing_pricing.py",
        "Dockerfile", "Dockerfile.billing",
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
        "Variables are texts: int(os.environ[\"DISCOUNT_FROM\"]). Look for the name of a deploy in "
        "all files: no line should ask for APP_ENV any more.",
    ),
)  # fmt: skip
