"""III-1: take the settings out of the code."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

III_1 = Spec(
    id="III-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(
            Variable("DATABASE_URL", "postgres"),
            Variable("GREETING", "text"),
            Variable("PORT", "port"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task(
            "one-image-two-databases",
            "One image serves two databases",
            "database-from-environment",
            3,
        ),
        Task(
            "greeting-and-port-obeyed",
            "Greeting and port are as told",
            "settings-from-environment",
            2,
        ),
        Task(
            "missing-settings-are-named",
            "It refuses to start without a setting, and names it",
            "missing-config-is-named",
            2,
        ),
        Task("image-holds-no-secret", "The image could be published", "no-secret-in-image", 2),
        Task(
            "any-deploy-name",
            "A new kind of deploy needs no change of the code",
            "no-environment-names",
            1,
        ),
    ),
    hints=(
        "What differs between two deploys of the same shop? Look for every such value in app.py "
        "and in the Dockerfile. There are three: the database, the greeting and the port.",
        'os.environ["NAME"] raises an error that names the variable when it is not set; '
        'os.environ.get("NAME", "…") hides that it is missing. Read all three when the program '
        "starts, so that a deploy without them ends at once.",
        'A shell puts the value of a variable into a command: CMD ["sh", "-c", "exec uvicorn '
        'app:app --host 0.0.0.0 --port $PORT"]. A shell also takes an unset variable for an empty '
        "word, and uvicorn does not name it: "
        "let app.py read PORT too, or start uvicorn from Python with uvicorn.run(…).",
        "COPY . . copies the whole folder, the .env file of whoever builds the image included. "
        "COPY app.py . copies one file. Did you move your code to another file, say main.py? The "
        "starter's app.py, with its password, still lies beside it.",
    ),
    secrets=("open-sesame",),
)

III_2 = Spec(
    id="III-2",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("DATABASE_URL_FILE", "postgres-file"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task(
            "reads-the-mounted-file",
            "It takes the database's URL from the mounted file",
            "serves-from-mounted-file",
            1,
        ),
        Task(
            "survives-rotation", "It goes on after the password was changed", "survives-rotation", 3
        ),
        Task(
            "nobody-is-cut-off",
            "The process stays, and so do its requests",
            "rotates-without-restart",
            2,
        ),
    ),
    hints=(
        "When does the starter read the file: once, or each time it needs the password? Which of "
        "the two can notice that the file was replaced?",
        "The code outside of functions runs once, when the program starts. The code inside "
        "order() runs for every request.",
        "Write a function database_url() that reads the file, and call it inside order(), where "
        "the connection is made. Reading a file of 60 bytes costs a few microseconds.",
    ),
)
