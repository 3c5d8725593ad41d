"""VII-1: the port comes from the platform."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
)  # fmt: skip
