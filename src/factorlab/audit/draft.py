"""A first draft of a contract, from what an image says about itself, and a Compose project about it."""

import json
import re
from collections.abc import Iterable

from factorlab.engine.container.plan import APP_MEMORY_MIB
from factorlab.engine.images.foreign import Record
from factorlab.lab.services import KINDS
from factorlab.questions.needs import REQUESTS, WRITE

PLAIN = (
    (r"^PORT$", "port"),
    (r"(SECRET|TOKEN|PASSWORD|API_KEY)", "text"),
)
OTHER_APP = r"^https?://(?!localhost\b)[\w-]+(:\d+)?(/|$)"
"""A name without a dot is that of another service of the same project."""
OTHER_SERVICE = re.compile(r"^(?!sqlite)[a-z][\w+.-]*://")
SECRET = re.compile(r"SECRET|PASSW|TOKEN|KEY|DSN|CREDENTIAL", re.IGNORECASE)
"""Variables whose values are nobody's to copy."""
USUAL = re.compile(
    r"^(PATH|LANG|LC_\w+|HOME|HOSTNAME|TERM|PWD|GPG_KEY|(PYTHON|PIP|UV|NODE|YARN|NPM|JAVA|GO|RUBY|GEM"
    r"|BUNDLE)\w*|VIRTUAL_ENV|DEBIAN_FRONTEND|SSL_CERT_\w+)$"
)
"""Variables of base images and tools, which are no config of the app."""
NOT_KNOWN = (
    'DATABASE_URL = "postgres"',
    'REDIS_URL = "redis"',
    'SECRET_KEY = "text"',
    'PRICES_URL = "app"',
)


def kind_of(name: str, value: str = "") -> str:
    """What a variable is most likely filled with, by the value that it has somewhere and by its name;
    nothing where these tell nothing, or tell of a service that an audit does not have."""
    values = [*((service.urls, kind) for kind, service in KINDS.items()), (OTHER_APP, "app")]
    names = [
        (pattern, f"{kind}-{part}" if part else kind)
        for kind, service in KINDS.items()
        for part, pattern in service.names.items()
    ]
    if kind := _matching(values, value):
        return kind
    kind = _matching([*names, *PLAIN], name)
    if kind != "text" and OTHER_SERVICE.match(value):
        return ""
    return kind or ("text" if value and SECRET.search(name) else "")


def _matching(patterns: Iterable[tuple[str, str]], text: str) -> str:
    return next((kind for pattern, kind in patterns if re.search(pattern, text)), "")


def draft(name: str, record: Record) -> str:
    """The contract as a text to go over: what the image and a Compose project say is filled in, the
    rest stands there as comments, each with what it lets the audit ask."""
    port = record.ports[0] if record.ports else 8000
    known = {
        variable: kind_of(variable, value)
        for variable, value in record.env.items()
        if not USUAL.match(variable)
    }
    variables = [f'{_key(variable)} = "{kind}"' for variable, kind in known.items() if kind]
    optional = [line for line in variables if '"port"' in line]
    required = [line for line in variables if line not in optional]
    told = {line.partition(" ")[0] for line in variables}
    examples = [f"# {line}" for line in NOT_KNOWN if line.partition(" ")[0] not in told]
    fixed = [
        f"# {_key(variable)} = {_quoted(_public(record.env[variable]))}"
        for variable in known
        if not known[variable]
    ]
    ready = _health_path(record.healthcheck)
    said = "" if record.ports else "  # the image exposes none: put the right one here"
    optional = optional or ['# PORT = "port"']
    requests = [need.draft for need in REQUESTS]
    requests.insert(REQUESTS.index(WRITE), '# read = { path = "/" }')
    if ready:
        requests[0] = f'ready = {{ path = "{ready}" }}'
    return f"""\
# What {name} promises, for `factorlab audit`. What it leaves out is not tested, never passed.
# All of it is described in docs/AUDIT.md of Factor Lab.
[app]
port = {port}{said}
ready = "{ready or "/"}"  # a path that answers as soon as the app can serve
# at_once = 20       # requests that one container works on at a time: workers x threads
# memory = {APP_MEMORY_MIB}       # MiB that one container needs
# cookie = "session" # the cookie that a login sets

[variables]  # config that the app cannot start without, and what fills it
{_lines([*required, *examples])}

[optional]  # config with a default; the audit sets it all the same
{_lines(optional)}

[environment]  # variables with values that no check changes
{_lines(fixed or ['# DJANGO_SETTINGS_MODULE = "shop.settings"'])}

[requests]
{_lines(requests)}

[processes]
# web = "gunicorn shop:app"     # what starts the web process, where it is not the image's CMD
# worker = "python worker.py"   # what runs beside the web process

[commands]
# migrate = ["python", "manage.py", "migrate"]   # run once on each fresh database
# Tables that no such command makes: write them as SQL into schema.sql, beside this file.
"""


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as TOML has it: as JSON has it, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _quoted(name)


def _public(value: str) -> str:
    """A value without the user and the password of a URL."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", value)


def _health_path(test: list[str]) -> str:
    """The path that the image's HEALTHCHECK asks, if it asks one over HTTP."""
    found = re.search(r"https?://[^/\s\"']+(/[\w./-]*)", " ".join(test))
    return found[1] if found else ""
