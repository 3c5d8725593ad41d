"""VII-1: the port comes from the platform."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

VII_1 = Spec(
    id="VII-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("PORT", "port"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
    ),
    tasks=(
        Task("others-reach-it", "Another container gets an answer", "reachable-from-outside", 2),
        Task("any-port", "It listens on the port that it is told", "honors-port", 3),
        Task("ends-in-order", "SIGTERM still ends it in order", "sigterm-reaches-the-app", 3),
    ),
    hints=(
        "The log of the starter says where it listens: `Uvicorn running on http://127.0.0.1:8000`. "
        "Whose loopback is that, and who can come in by it?",
        "Two settings are missing, an address and a port. Both fit on the command line of uvicorn "
        "(--host, --port) and into uvicorn.run(app, host=…, port=…) in app.py.",
        "Something has to put the value of PORT in. Python can: "
        'int(os.environ["PORT"]), in an app.py that the Dockerfile starts with '
        'CMD ["python", "app.py"]. So can a shell; a CMD with brackets has none.',
        "If you stay with a shell: which program is process 1? `exec` before the server's command "
        "lets the server take the shell's place.",
    ),
)

VII_2 = Spec(
    id="VII-2",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("TRUSTED_PROXY", "proxy"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"caller": Request("GET", "/caller")},
    ),
    tasks=(
        Task(
            "links-are-https", "Links lead to where the customers are", "links-behind-the-router", 2
        ),
        Task("client-is-known", "The app knows who is asking", "client-behind-the-router", 2),
        Task("nobody-forges", "A forged header counts for nothing", "forged-headers-ignored", 4),
    ),
    hints=(
        "Two headers tell the app what it wants to know: X-Forwarded-Proto and X-Forwarded-For. "
        "They arrive. Who decides whether they are believed?",
        "uvicorn does it for you: it puts the headers' values into request.client and into the "
        "links, when the request comes from an address that it was told to believe. By default "
        "that is 127.0.0.1 alone.",
        "It takes the address in three ways: forwarded_allow_ips=… in uvicorn.run, "
        "--forwarded-allow-ips on the command line, or the variable FORWARDED_ALLOW_IPS.",
        "The address is known when the container starts, not when the image is built: an ENV line "
        'cannot hold it. In Python it is os.environ["TRUSTED_PROXY"]; in a shell line, '
        '"$TRUSTED_PROXY", and `exec` before uvicorn.',
        "With *, everybody may forge; with a network such as 172.16.0.0/12, every sibling. One "
        "address is enough, and it needs no code that reads a header.",
    ),
)

VII_3 = Spec(
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
        Task(
            "frozen-neighbor",
            "A price app that does not answer is given up on",
            "neighbor-frozen",
            3,
        ),
        Task(
            "gone-and-back", "A price app that is gone is found again", "neighbor-gone-and-back", 3
        ),
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
)
