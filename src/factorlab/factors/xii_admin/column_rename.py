"""XII. Admin processes: a column gets another name while two versions of the app serve."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from factorlab.errors import NoAnswer, NotReady
from factorlab.lab import App, Lab, Postgres
from factorlab.questions import commands
from factorlab.questions.deploys import Config, deploy, fill, json_object, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

OLD_ONES = 5
CHANGED = 2
EACH = 3
OLD, NEW, TABLE = "fullname", "name", "customers"


@dataclass
class Story:
    """One rename from its beginning to its end: the database, the apps that serve, and the name
    that each customer should have."""

    config: Config
    database: Postgres
    one: App
    """Version 1, the release before the answer's."""
    names: dict[int, str]
    two: App | None = None
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What was done -> how often it was right, and how often it was tried. A new stage starts
    over."""

    def add(self, writer: App, readers: Sequence[App]) -> None:
        """Add customers at one version and read them at others."""
        made: list[int] = []
        for name in [random_word("Añe O'Hara") for _ in range(EACH)]:
            id = _json(writer, "POST", f"/{TABLE}", {"name": name}).get("id")
            if isinstance(id, int):
                self.names[id] = name
                made.append(id)
        self._count(f"added at {self._version(writer)}", len(made), EACH)
        for reader in readers:
            said = f"added at {self._version(writer)}, read at {self._version(reader)}"
            self.read(reader, made, said, of=EACH)

    def change(self, writer: App, readers: Sequence[App]) -> None:
        """Change customers old and new at one version, and read them at others."""
        chosen = [*list(self.names)[:CHANGED], *list(self.names)[-CHANGED:]]
        changed = 0
        for id in chosen:
            name = random_word("Änne, jr.")
            if "id" in _json(writer, "POST", f"/{TABLE}/{id}", {"name": name}):
                changed += 1
                self.names[id] = name
        self._count(f"changed at {self._version(writer)}", changed, len(chosen))
        for reader in readers:
            said = f"changed at {self._version(writer)}, read at {self._version(reader)}"
            self.read(reader, chosen, said)

    def read(self, reader: App, ids: Iterable[int], said: str, of: int | None = None) -> None:
        """Read customers, and count how many have the name that they should have."""
        chosen = list(ids)
        right = sum(
            _json(reader, "GET", f"/{TABLE}/{id}").get("name") == self.names[id] for id in chosen
        )
        self._count(said, right, of or len(chosen))

    def _version(self, app: App) -> str:
        return "version 1" if app is self.one else "version 2"

    def _count(self, said: str, right: int, of: int) -> None:
        before = self.counts.get(said, (0, 0))
        self.counts[said] = (before[0] + right, before[1] + of)

    def finding(self, expected: str, more: Sequence[tuple[str, str, str]] = ()) -> Finding:
        """The finding of this stage: all right, and `more` (what, expected, seen) too."""
        rows = [
            (said, f"{of} of {of}", f"{right} of {of}") for said, (right, of) in self.counts.items()
        ]
        every = [*rows, *more]
        wrong = [row for row in every if row[1] != row[2]]
        first = wrong[0][0] if wrong else ""
        answering = self.one if first.endswith("version 1") else self.two or self.one
        return Finding(
            judged(not wrong),
            expected=expected,
            seen="; ".join(f"{said}: {seen}" for said, _, seen in wrong) or "all of them",
            columns=("what", "expected", "seen"),
            rows=every,
            log=answering.logs(tail=6) if wrong else "",
        )


def _json(app: App, method: str, path: str, body: object = None) -> dict[str, object]:
    """The object that a request is answered with; an empty one for anything but that."""
    try:
        response = app.request(method, path, json_body=body)
    except NoAnswer:
        return {}
    return (json_object(response.text) if response.is_success else None) or {}


def _expanded(lab: Lab, subject: Subject) -> Story:
    """A database with customers, version 1 that serves, and the first step done."""
    config = fill(lab, subject, "rename")
    assert config.database is not None
    names = {}
    for name in [random_word("Zoë") for _ in range(OLD_ONES)]:
        [[id]] = config.database.query(
            f"INSERT INTO {TABLE} ({OLD}) VALUES (%s) RETURNING id", name
        )
        names[int(id)] = name
    story = Story(config, config.database, _version_1(lab, subject, config), names)
    commands.must_work(lab, subject, "expand", config.env)
    return story


def _version_1(lab: Lab, subject: Subject, config: Config) -> App:
    """The release before the answer's. It is the course's own: what keeps it from starting is
    never the answer. Raises NotReady when it does not answer."""
    files = {name: text.encode() for name, text in subject.contract.previous.items()}
    one = lab.deploy(lab.build("version-1", files), "version-1", env=config.env, wait=False)
    if not one.comes_up():
        raise NotReady(
            "Version 1, which is not part of your answer, has not started on this machine.",
            why=one.logs(tail=6),
            next="close what else runs on this machine, then check again.",
        )
    return one


def _story(lab: Lab, subject: Subject) -> Story:
    """The story up to the first step, for the two questions that leave its end alone."""
    story = subject.once(_expanded, lab)
    story.counts = {}
    return story


@question(
    "expand-breaks-nobody",
    factor="XII",
    text="Does version 1 serve as before, after the first step?",
    how="Version 1 serves. `python migrate.py expand` runs as a one-off process. Then customers "
    "are read, added and changed at version 1.",
    remedy="the first step may only add: what version 1 reads and writes must stay, and what is new "
    "must not be required of its rows.",
)
def expand_breaks_nobody(lab: Lab, subject: Subject) -> Finding:
    """Only version 1 is asked, since version 2 may not have started yet."""
    story = _story(lab, subject)
    story.read(story.one, list(story.names)[:OLD_ONES], "from before, read at version 1")
    story.add(story.one, [story.one])
    story.change(story.one, [story.one])
    return story.finding("all customers right at version 1: from before, added, changed")


@question(
    "both-versions-agree",
    factor="XII",
    text="Do both versions serve side by side, and does each see what the other has written?",
    how="After `python migrate.py expand`, version 1 and version 2 (your app) serve at the same "
    "time. Customers are added and changed at each, and read at both.",
    remedy="rows from before and rows that version 1 writes need the new column too, and rows that "
    "version 2 writes need the old one, for new rows and for changes. A trigger can do it, or a "
    "view.",
)
def both_versions_agree(lab: Lab, subject: Subject) -> Finding:
    """Both directions, for new and for changed rows; changed back and forth."""
    story = _story(lab, subject)
    one, two = story.one, deploy(lab, subject, story.config)
    story.two = two
    untouched = list(story.names)[CHANGED:OLD_ONES]
    story.read(two, untouched, "from before, read at version 2")
    for writer in (one, two):
        story.add(writer, [one, two])
    for writer in (one, two, one, two):
        story.change(writer, [one, two])
    return story.finding("each customer has the same, right name at both versions")


@question(
    "contract-ends-it",
    factor="XII",
    text="Is the old name gone after the last step, and does version 2 serve on?",
    how="Version 1 is stopped. `python migrate.py contract` runs as a one-off process while "
    "version 2 serves. Then customers are read, added and changed at version 2, and the columns "
    "are listed in the database.",
    remedy="contract.sql removes what only version 1 needed, the old column too; version 2 must "
    "not need it any more, and runs on as it is.",
)
def contract_ends_it(lab: Lab, subject: Subject) -> Finding:
    """On a database of its own, which version 1 has not written to after the first step: what gets
    lost between the versions is another question."""
    story = _expanded(lab, subject)
    story.two = two = deploy(lab, subject, story.config)
    story.add(two, [])
    story.counts = {}
    story.one.remove()
    commands.must_work(lab, subject, "contract", story.config.env)
    story.read(two, list(story.names), "from before, read at version 2")
    story.add(two, [two])
    story.change(two, [two])
    return story.finding(
        f"all customers right at version 2; {TABLE} has {NEW}, and nothing has {OLD}",
        _columns(story),
    )


def _columns(story: Story) -> list[tuple[str, str, str]]:
    found = story.database.query(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    with_old = [str(table) for table, column in found if column == OLD]
    has_new = [TABLE, NEW] in found
    names: Counter[tuple[int, str]] = Counter()
    if has_new:
        names.update(
            (id, name) for id, name in story.database.query(f"SELECT id, {NEW} FROM {TABLE}")
        )
    right = sum(names[id, name] == 1 for id, name in story.names.items())
    of = len(story.names)
    return [
        (f"tables and views with {OLD}", "none", ", ".join(with_old) or "none"),
        (f"{TABLE} has {NEW}", "yes", "yes" if has_new else "no"),
        (f"right names in {TABLE}.{NEW}", f"{of} of {of}", f"{right} of {of}"),
    ]
