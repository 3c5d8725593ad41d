"""III. Config: what differs between deploys comes from the environment."""

import re
from collections.abc import Sequence

from factorlab.engine.images import inspection
from factorlab.engine.images.own_layers import own_layers
from factorlab.errors import NotStarted
from factorlab.lab import App, Lab
from factorlab.questions.deploys import (
    Config,
    answers,
    body,
    deploy,
    fill,
    launch,
    send,
)
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import SECRETS, VARIABLES
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

WRITES = 3
STAGES = ("joes-staging", "production")
STAGE_VARIABLES = (
    "APP_ENV",
    "ENV",
    "ENVIRONMENT",
    "STAGE",
    "DEPLOY_ENV",
    "DEPLOYMENT",
    "APP_STAGE",
    "FASTAPI_ENV",
    "FLASK_ENV",
    "PYTHON_ENV",
    "NODE_ENV",
    "RAILS_ENV",
)


def _configs(lab: Lab, subject: Subject) -> list[Config]:
    """Two configs with a database each. Made once for an answer: its checks share them, and count
    the rows that they add themselves."""
    return lab.together(*(lambda n=n: fill(lab, subject, n) for n in ("first", "second")))


def _deploys(lab: Lab, subject: Subject) -> list[App]:
    """The subject with each of the two configs, running. Started once for an answer."""
    configs = subject.once(_configs, lab)
    return lab.together(*(lambda c=c: deploy(lab, subject, c) for c in configs))


def _write(app: App, subject: Subject, config: Config) -> tuple[int, int]:
    """Send the writes; how many were answered 2xx, and how many rows arrived."""
    assert config.database is not None
    before = config.database.rows()
    answered = send(app, subject.contract.write, WRITES)
    return answered, config.database.rows() - before


@question(
    "database-from-environment",
    factor="III",
    text="Can you change the database without changing the code?",
    how=f"The same image runs twice, each time with the URL of another database. "
    f"Each deploy gets {WRITES} writes; then the rows are counted in the databases.",
    remedy="read the database's URL from the variable each time the app starts, and use no other.",
)
def database_from_environment(lab: Lab, subject: Subject) -> Finding:
    """Counted on the database's side, because an app can answer 200 and write elsewhere."""
    configs, apps = subject.once(_configs, lab), subject.once(_deploys, lab)
    rows = []
    for order, app, config in zip(("first", "second"), apps, configs, strict=True):
        answered, arrived = _write(app, subject, config)
        assert config.database is not None
        connections = config.database.connections()
        rows.append((order, app.image_id[7:19], answered, arrived, connections))
    arrived_all = all(row[3] == WRITES for row in rows)
    return Finding(
        judged(arrived_all),
        expected=f"{WRITES} rows in the first database and {WRITES} in the second, from one image",
        seen=" and ".join(f"{row[3]} rows in the {row[0]}" for row in rows),
        columns=("database", "image", "writes answered 2xx", "rows that arrived", "connections"),
        rows=rows,
    )


@question(
    "settings-from-environment",
    factor="III",
    text="Does every setting take the value that the environment gives it?",
    how="Two deploys with random values: the text must come back in the answer, and the app must "
    "listen on the port it was told.",
    remedy="read each setting from its variable; no default, no constant, no fixed port.",
)
def settings_from_environment(lab: Lab, subject: Subject) -> Finding:
    """Random values, so that nothing written into the code can match."""
    configs, apps = subject.once(_configs, lab), subject.once(_deploys, lab)
    rows: list[tuple[str, str, str, str]] = []
    for order, app, config in zip(("first", "second"), apps, configs, strict=True):
        for name, obeyed in _obeyed(app, subject, config).items():
            rows.append((order, name, config.env[name], "obeyed" if obeyed else "ignored"))
    ignored = [f"{row[1]} in the {row[0]} deploy" for row in rows if row[3] == "ignored"]
    return Finding(
        judged(not ignored),
        expected="both deploys do as their variables say",
        seen=f"ignored: {', '.join(ignored)}" if ignored else "both did",
        columns=("deploy", "variable", "value given", "what the app did"),
        rows=rows,
        log="" if not ignored else apps[0].logs(tail=8),
    )


def _obeyed(app: App, subject: Subject, config: Config) -> dict[str, bool]:
    """For each text and port, whether the running app does as its variable says."""
    text = body(app, subject.contract.read)
    return {
        variable.name: app.port == config.port
        if variable.kind == "port"
        else config.env[variable.name] in text
        for variable in subject.contract.of_kind("text", "port")
    }


@question(
    "missing-config-is-named",
    factor="III",
    group="config",
    needs=(VARIABLES,),
    text="Does it refuse to start without its config, and say what is missing?",
    how="One deploy for each required variable, with that one left out, and one without any. Each "
    "must end, and its output must hold the name of what is missing.",
    remedy="read every variable when the app starts, without a default, and let the error name it.",
)
def missing_config_is_named(lab: Lab, subject: Subject) -> Finding:
    """Forced, not timed: a deploy either ends or answers its first request, and that decides."""
    config = subject.once(_configs, lab)[0]
    names = [variable.name for variable in subject.contract.variables if variable.required]
    left_out = [*([name] for name in names), names]
    *alone, everything = lab.together(
        *(lambda n=n: _without(lab, subject, config, n) for n in left_out)
    )
    rows = [*alone, everything]
    if any(row[1] == "ended" for row in rows) and not subject.started.is_set():
        # An app that never starts, and prints the broken line, would seem to name what is missing.
        deploy(lab, subject, config).remove()
    refused = sum(row[1] == "ended" and row[2] != 0 and bool(row[3]) for row in alone)
    if everything[1] == "neither":
        bare = "with none set it neither ended nor answered"
    elif everything[1] != "ended":
        bare = "with none set it started all the same"
    elif everything[3] == ", ".join(names):
        bare = "with none set it names all of them at once"
    else:
        bare = f"with none set it names {everything[3] or 'none'}"
    return Finding(
        judged(refused == len(names) and everything[1] == "ended"),
        expected=f"{len(names)} of {len(names)} deploys end with an exit code other than 0 and name "
        "the variable that is missing",
        seen=f"{refused} of {len(names)} did; {bare}",
        columns=("left out", "what it did", "exit code", "names in its output"),
        rows=[
            ("all of them" if row is everything else row[0], *row[1:3], row[3] or "none")
            for row in rows
        ],
    )


def _without(
    lab: Lab, subject: Subject, config: Config, names: list[str]
) -> tuple[str, str, int | str, str]:
    env = {key: value for key, value in config.env.items() if key not in names}
    app = launch(lab, subject, Config(env, config.database, config.port))
    served = answers(lab, subject, app)
    code, output = app.exit_code, app.logs()
    app.remove()
    named = [name for name in names if _names(output, name)]
    did = "ended" if code is not None else "started all the same" if served else "neither"
    return ", ".join(names), did, "–" if code is None else code, ", ".join(named)


def _names(output: str, variable: str) -> bool:
    """Whether an output names a variable: as a word of its own, in either case, since settings
    libraries print their fields in lower case; `--port` of a usage message does not name PORT."""
    return re.search(rf"(?<![\w-]){re.escape(variable)}(?!\w)", output, re.IGNORECASE) is not None


@question(
    "no-secret-in-image",
    factor="III",
    group="image",
    needs=(SECRETS,),
    text="Could you publish the image?",
    how="Every layer of the image, its environment and its history are searched for passwords: "
    "those in the code, and those in a .env file beside it.",
    remedy="name the files that the app needs (COPY app.py .), or list the others in a "
    ".dockerignore: COPY . . takes the whole folder, files included that nothing uses any more. "
    "Hand secrets in when the container starts.",
)
def no_secret_in_image(lab: Lab, subject: Subject) -> Finding:
    """Layers are read one by one: a file that a later layer deletes is still in the image."""
    layers = own_layers(subject.image)
    found = inspection.find_in_files([layers], subject.secrets) if subject.secrets else {}
    files = found.get(layers, [])
    record = inspection.find_in_record(subject.image.id, subject.secrets)
    baked = _baked_in(subject)
    places = [
        *(("file", path) for path in files),
        *(("image record", part) for part in record),
        *(("image environment", name) for name in baked),
    ]
    return Finding(
        judged(not places),
        expected="no secret, and no required variable, in the image",
        seen="none found" if not places else f"found in {', '.join(place for _, place in places)}",
        columns=("kind", "place"),
        rows=places,
    )


def _baked_in(subject: Subject) -> list[str]:
    """Required variables that the image itself sets: a deploy without them would never notice."""
    in_image = inspection.environment(subject.image.id)
    return [v.name for v in subject.contract.variables if v.required and v.name in in_image]


@question(
    "no-environment-names",
    factor="III",
    text="Can you make a new kind of deploy without touching the code?",
    how="Deploys that call themselves joes-staging and production in the usual variables "
    "(APP_ENV, ENV, STAGE …) get a database, texts and a port of their own. Each gets "
    f"{WRITES} writes, and the rows are counted. A text or port that one deploy obeys, the other "
    "must obey too.",
    remedy="let each variable stand for itself; no table of settings chosen by the deploy's name.",
)
def no_environment_names(lab: Lab, subject: Subject) -> Finding:
    """The factor: variables are granular and never grouped together as environments."""
    configs = [fill(lab, subject, "own", c.database) for c in subject.once(_configs, lab)]
    obeyed: dict[str, dict[str, bool]] = {}

    def run(stage: str, config: Config) -> tuple[str, int, int, str]:
        try:
            extra = dict.fromkeys(STAGE_VARIABLES, stage)
            app = deploy(lab, subject, config, extra)
        except NotStarted as error:
            return stage, 0, 0, (error.logs.splitlines() or ["it did not start"])[-1][:100]
        obeyed[stage] = _obeyed(app, subject, config)
        answered, arrived = _write(app, subject, config)
        app.remove()
        return stage, answered, arrived, ""

    rows = lab.together(*(lambda s=s, c=c: run(s, c) for s, c in zip(STAGES, configs, strict=True)))
    if not obeyed:
        # Neither name lets it start. Without any name, this says whether the name is to blame.
        deploy(lab, subject, configs[0])
    # A setting that no deploy obeys is another check's business; one that some obey goes by name.
    by_name = sorted(
        name
        for name in next(iter(obeyed.values()), {})
        if len({settings[name] for settings in obeyed.values()}) > 1
    )
    good = all(row[2] == WRITES for row in rows) and not by_name
    return Finding(
        judged(good),
        expected=f"{WRITES} rows in the database of each deploy, and the same settings obeyed, "
        "whatever the deploy is called",
        seen=", ".join(
            f"{row[0]}: {row[2]} rows" if row[0] in obeyed else f"{row[0]}: it never answered"
            for row in rows
        )
        + (f"; only one of them obeys {', '.join(by_name)}" if by_name else ""),
        columns=(
            "the deploy calls itself",
            "writes answered 2xx",
            "rows that arrived",
            "last words",
        ),
        rows=rows,
    )


def secret_places(apps: Sequence[App], secret: str) -> dict[str, list[bool]]:
    """Place -> for each running app, whether the secret can be read there by whoever may look
    there (III, secrets)."""
    layers = {app.image_id: own_layers(app.build) for app in apps}
    files = inspection.find_in_files(sorted(layers.values()), [secret])
    return {
        "files of the image": [bool(files[layers[app.image_id]]) for app in apps],
        "history of the image": [
            bool(inspection.find_in_record(app.image_id, [secret])) for app in apps
        ],
        "docker inspect": [secret in str(app.inspect()) for app in apps],
        "environment of its processes": [
            secret in app.exec("cat", "/proc/1/environ")[1] for app in apps
        ],
    }
