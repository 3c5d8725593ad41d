"""X. Dev/prod parity: what holds on the developer's machine holds on what production runs."""

import secrets
from dataclasses import replace

from factorlab.lab import Lab
from factorlab.questions.deploys import deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject


@question(
    "search-finds-every-case",
    factor="X",
    text="Does the search find a name on PostgreSQL, however it is written?",
    how="Five random names are added, on a PostgreSQL 15: three begin with the same letters, written "
    "in small letters, in capitals and mixed; two begin otherwise. Then those letters are "
    "searched for.",
    remedy="LIKE tells small letters from capitals on PostgreSQL, and does not on SQLite. Compare "
    "lower(name) with a text in small letters, or use ILIKE.",
)
def search_finds_every_case(lab: Lab, subject: Subject) -> Finding:
    """The names are random, so that no list can be written into the code."""
    search = subject.contract.request("search")
    begins = "".join(secrets.choice("abcdefgh") for _ in range(6))
    wanted = [begins + "-small", begins.upper() + "-CAPITALS", begins.capitalize() + "-Mixed"]
    others = [f"x{begins}", f"Y{begins.upper()}"]
    app = deploy(lab, subject, fill(lab, subject, "search"))
    for name in [wanted[0], others[0], wanted[1], others[1], wanted[2]]:
        app.send(replace(subject.contract.write, json={"name": name}))
    answer = app.request(search.method, search.path, params={"begins": begins})
    rows = [
        (name, "found" if name in answer.text else "missing", "begins so") for name in wanted
    ] + [
        (name, "found" if name in answer.text else "missing", "begins otherwise") for name in others
    ]
    found = sum(name in answer.text for name in wanted)
    wrong = sum(name in answer.text for name in others)
    app.remove()
    return Finding(
        judged(found == len(wanted) and not wrong),
        expected="3 of 3 names found, and no other",
        seen=f"{found} of 3 names found, and {wrong or 'no'} other"
        + ("" if answer.is_success else f"; it answered {answer.status_code}"),
        columns=("name", "in the answer", "what it is"),
        rows=rows,
    )
