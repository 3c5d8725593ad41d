"""VII-3: one app uses another, by URL."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VII-3",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("PRICES_URL", "app"),),
        read=Request("GET", "/"),
        write=Request("GET", "/"),
        others={"total": Request("GET", "/total/$ITEM/$PIECES")},
    ),
    tasks=(
        Task("any-neighbor", "The price app is swapped by its URL", "neighbor-by-url-only", 3),
        Task("frozen-neighbor", "A price app that does not answer is given up on",
             "neighbor-frozen", 3),
        Task("gone-and-back", "A price app that is gone is found again",
             "neighbor-gone-and-back", 3),
    ),
    hints=(
        "How many things about the price app are written into the code? Its name is one.",
        'The URL is a text, and what stands before /prices is all in it: os.environ["PRICES_URL"] '
        '+ f"/prices/{item}". Splitting it, or urljoin, loses a part.',
        "urlopen(url) waits forever. urlopen(url, timeout=1) gives up after a second without a "
        "word from the other side; httpx.get(url, timeout=1) does so too.",
        "What is raised differs: for a time-out, for a refused connection, for an unknown host. "
        "With urllib, all of them are an OSError; with httpx, an httpx.HTTPError. "
        'raise HTTPException(503, "…") from fastapi makes the answer.',
    ),
)  # fmt: skip
