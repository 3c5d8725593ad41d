"""VII-2: behind the proxy."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VII-2",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("TRUSTED_PROXY", "proxy"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"caller": Request("GET", "/caller")},
    ),
    tasks=(
        Task("links-are-https", "Links lead to where the customers are",
             "links-behind-the-router", 2),
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
        "cannot hold it. In Python it is os.environ[\"TRUSTED_PROXY\"]; in a shell line, "
        "\"$TRUSTED_PROXY\", and `exec` before uvicorn.",
        "With *, everybody may forge; with a network such as 172.16.0.0/12, every sibling. One "
        "address is enough, and it needs no code that reads a header.",
    ),
)  # fmt: skip
