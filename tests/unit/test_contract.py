"""A contract that is wrong is refused: with the file, the line, the key, and what was meant."""

import json
from pathlib import Path

import pytest

from factorlab.errors import FactorLabError
from factorlab.lab import Request
from factorlab.questions.contract import Contract, contract_of, read_contract
from factorlab.questions.contract_file import schema
from factorlab.toml import lines

ROOT = Path(__file__).resolve().parents[2]
BASE = '[requests]\nread = { path = "/" }\nwrite = { method = "POST", path = "/o" }\n[variables]\n'
WRONG = {
    '[app]\nport = "eight"': "line 2: app.port must be a whole number, not a text",
    "[app]\nport = 0": "line 2: app.port must be at least 1, and is 0",
    "[app]\nport = 65536": "line 2: app.port must be at most 65535, and is 65536",
    "[app]\nport = true": "line 2: app.port must be a whole number, not true or false",
    "[app]\nport = 80.0": "line 2: app.port must be a whole number, not a number with a fraction",
    '[app]\nmemory = "lots"': "line 2: app.memory must be a whole number, not a text",
    "[app]\n\n# here\nat_once = -3": "line 4: app.at_once must be at least 1, and is -3",
    "[app]\nready = 5": "line 2: app.ready must be a text, not a whole number",
    '[app]\nready = "healthz"': "line 2: app.ready is 'healthz': a path begins with a slash",
    '[app]\ncookie = ["a"]': "line 2: app.cookie must be a text, not a list",
    '[app]\ncookie = ""': "line 2: app.cookie is no name of a cookie: ''",
    "[app]\nprot = 1": r"line 2: \[app\] has the unknown name 'prot'; did you mean port\?",
    "app = 3": "line 1: app must be a table, not a whole number",
    "[[app]]\nport = 1": "line 1: app must be a table, not a list",
    "[ap]\nport = 1": "line 1: it has the unknown name 'ap'; did you mean app?",
    '[request]\nread = { path = "/" }': "line 1: it has the unknown name 'request'; did you mean requests",
    '[requests]\nlisst = { path = "/" }': r"line 2: \[requests\] has the unknown name 'lisst'; did you mean list",
    '[requests]\nread = "GET /"': "line 2: requests.read must be as in",
    '[requests]\nread = { path = "/", metod = "POST" }': r"line 2: \[requests.read\] has the unknown name 'metod'; did you mean method",
    '[requests]\nread = { path = "/", headers = { a = "b" } }': "line 2: .*unknown name 'headers'",
    '[requests]\nread = { method = "GET" }': "line 2: 'path' is missing in requests.read",
    '[requests]\nread = { path = "" }': "line 2: requests.read.path is ''",
    '[requests]\nread = { path = "/", method = 7 }': "line 2: requests.read.method is 7; known are GET",
    '[requests]\nread = { path = "/", method = "PSOT" }': "requests.read.method is 'PSOT'; did you mean POST",
    "[requests]\nread = { path = ['/'] }": "line 2: requests.read.path must be a text, not a list",
    "[requests]\nread = { path = '/', json = { on = 2026-01-02 } }": "line 2: requests.read.json holds 2026-01-02",
    "[requests]\nread = { path = '/', json = [nan] }": "line 2: requests.read.json holds nan",
    '[requests]\nread = { path = "/a\\nb" }': "line 2: requests.read.path must have no line break",
    '[requests.read]\npath = "/"\nmethdo = "PUT"': r"line 3: \[requests.read\] has the unknown name 'methdo'",
    '[variables]\nX = "mysql"': "line 2: variables.X is of the unknown kind 'mysql'; known are postgres",
    '[variables]\nX = "postgress"': "unknown kind 'postgress'; did you mean postgres?",
    '[variables]\nX = "postgres-wheel"': "unknown kind 'postgres-wheel'",
    "[variables]\nX = 1": "line 2: variables.X must be a text, not a whole number",
    '[variables]\n"A=B" = "text"': "line 2: variables.A=B is no name of a variable",
    '[variables]\n"" = "text"': "line 2: variables. is no name of a variable",
    '[variables]\nA = "text"\n[optional]\nA = "text"': r"line 4: optional.A stands in \[variables\] too",
    '[variables]\nA = "text"\n[environment]\nA = "1"': r"line 4: environment.A stands in \[variables\] too",
    "variables = ['A']": "line 1: variables must be a table, not a list",
    "[environment]\nA = { b = 1 }": "line 2: environment.A must be one value",
    "[environment]\nA = [1]": "line 2: environment.A must be one value",
    '[environment]\nA = "\\u0000"': "line 2: environment.A must have no NUL",
    '[processes]\nworker = ""': "line 2: processes.worker must not be empty",
    "[processes]\nworker = 7": "line 2: processes.worker must be a list of words",
    "[processes]\nworker = []": "line 2: processes.worker must not be empty",
    '[processes]\n"" = "x"': "line 2: processes. must have a name of letters",
    '[processes]\nworker = "a"\nworker = "b"': "line 3: `worker` is there a second time",
    "[app]\n[app]\n": "line 2: `.app.` is there a second time",
    "[commands]\nmigrate = 'x'": "line 2: commands.migrate must be a list of words",
    "[commands]\nmigrate = []": "line 2: commands.migrate must not be empty",
    "[commands]\nmigrate = [1]": "line 2: commands.migrate must be a list of words",
    "[commands]\nmigrat = ['x']": r"line 2: \[commands\] has the unknown name 'migrat'; did you mean migrate",
    "[app\nport = 1": "line 1: it is not TOML",
    "port": "line 1: it is not TOML",
    '[app]\nready = """/': "line 2: it is not TOML",
    "[requests]\nread = { path = '/', json = " + "[" * 2000 + "]" * 2000 + " }": "nested too deep",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=range(len(WRONG)))
def test_a_wrong_contract_is_refused_with_its_line(text, told):
    with pytest.raises(
        FactorLabError, match=f"The contract shop.toml cannot be used: .*{told}"
    ) as one:
        contract_of(text, "shop.toml", whole=False)
    assert "docs/AUDIT.md" in one.value.next


def test_all_mistakes_are_told_at_once():
    with pytest.raises(FactorLabError) as told:
        contract_of(BASE + '[app]\nport = "x"\nmemory = 0\n[proceses]\n')
    assert [line.split(":")[0].strip() for line in told.value.why.splitlines()] == [
        "line 7",
        "line 8",
    ]


@pytest.mark.parametrize("left_out", ["variables", "requests", "read", "write"])
def test_a_whole_contract_has_its_parts(left_out):
    text = BASE.replace(
        f"[{left_out}]", "[environment]" if left_out == "variables" else "[optional]"
    )
    kept = "\n".join(line for line in text.splitlines() if not line.startswith(f"{left_out} ="))
    with pytest.raises(FactorLabError, match=f"'{left_out}' is missing|optional"):
        contract_of(kept)


def test_a_file_is_utf8_and_no_book(tmp_path):
    path = tmp_path / "factorlab.toml"
    path.write_bytes(b"[app]\n# caf\xe9\n")
    with pytest.raises(FactorLabError, match="line 2: it is not UTF-8"):
        read_contract(path, whole=False)
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(FactorLabError, match="more than 1 MB"):
        read_contract(path, whole=False)
    path.write_bytes(b"\xef\xbb\xbf[app]\r\nport = 81\r\n")  # as Notepad writes it
    assert read_contract(path, whole=False).port == 81
    with pytest.raises(FactorLabError, match=r"gone\.toml"):
        read_contract(tmp_path / "gone.toml")


def test_methods_are_read_in_any_case_and_values_as_texts():
    text = "[requests]\nread = { method = 'put', path = '/' }\n[environment]\nA = 1\nB = true\n"
    contract = contract_of(text, whole=False)
    assert contract.read == Request("PUT", "/")
    assert contract.fixed == {"A": "1", "B": "True"}
    assert contract_of("", whole=False) == Contract(
        (), Request("GET", "/"), Request("GET", "/"), others={"ready": Request("GET", "/")}
    )


def test_lines_are_those_of_the_text():
    text = """
a = 1  # with a comment
b = [
  1,  # one
  2,
]
[t]
c.d = \"\"\"
x = 1
\"\"\"
e = { f = { g = 1 } }
[[l]]
h = 1
[[l.m]]
i = 1
[[l]]
h = 2
[[l.m]]
[[l.m]]
i = 2
"""
    found = lines(text)
    assert {
        place: found[place]
        for place in [
            ("a",),
            ("b", 1),
            ("t",),
            ("t", "c", "d"),
            ("t", "e", "f", "g"),
            ("l", 0, "h"),
            ("l", 0, "m", 0, "i"),
            ("l", 1, "h"),
            ("l", 1, "m", 0),
            ("l", 1, "m", 1, "i"),
        ]
    } == {
        ("a",): 2,
        ("b", 1): 3,
        ("t",): 7,
        ("t", "c", "d"): 8,
        ("t", "e", "f", "g"): 11,
        ("l", 0, "h"): 13,
        ("l", 0, "m", 0, "i"): 15,
        ("l", 1, "h"): 17,
        ("l", 1, "m", 0): 18,
        ("l", 1, "m", 1, "i"): 20,
    }
    assert "x" not in found


def test_the_published_schema_is_that_of_the_reader():
    published = ROOT / "docs" / "contract.schema.json"
    assert published.read_text() == schema(), (
        "make it anew: python -m factorlab.questions.contract_file"
    )
    made = json.loads(schema())
    assert set(made["properties"]) == {
        "app",
        "variables",
        "optional",
        "environment",
        "requests",
        "processes",
        "commands",
    }
    assert made["$defs"]["App"]["properties"]["port"]["maximum"] == 65535
