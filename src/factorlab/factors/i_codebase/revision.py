"""I. Codebase: one codebase in revision control, and every deploy says which commit of it runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from factorlab.engine.build.build import Build
from factorlab.engine.images import inspection
from factorlab.engine.images.own_layers import own_layers
from factorlab.lab import Lab, Repository
from factorlab.questions.deploys import answers, body, fill, json_object, launch, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

LABEL = "org.opencontainers.image.revision"
"""The label for the revision (OCI image specification, pre-defined annotation keys)."""
ARG = "REVISION"
NOTES = "NOTES.md"
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Stamp:
    """One build: what it is, the revision that was passed to it, its image, the label there, and
    what the app says; None where it does not start or says none."""

    what: str
    given: str
    image: Build
    label: str | None
    said: str | None

    def row(self) -> tuple[str, str, str, str]:
        """As evidence: revisions shortened as git does."""
        given = _short(self.given) or "not passed"
        return self.what, given, _short(self.label), _short(self.said)


COLUMNS = ("built from", f"argument {ARG}", "label", "GET /version")


def _short(revision: str | None) -> str:
    text = revision if revision is not None else "none"
    head, dash, rest = text.partition("-")
    return (head[:7] if len(head) == 40 and set(head) <= HEX else head) + dash + rest


def _stamp(lab: Lab, subject: Subject, what: str, make: Callable[[Repository], str]) -> Stamp:
    """Build and ask one state of the repository; once for an answer."""
    repository, _ = subject.once(_repository, lab)
    given = make(repository)
    image = lab.build(
        "stamped",
        repository.files(with_git=True),
        trusted=not lab.untrusted,
        args={ARG: given} if given else None,
    )
    label = inspection.labels(image.id).get(LABEL)
    said = _ask(lab, replace(subject, image=image), must_start=bool(given))
    return Stamp(what, given, image, label, said)


def _ask(lab: Lab, subject: Subject, must_start: bool) -> str | None:
    """The revision that a deploy says, or None. Raises NotStarted where it must start."""
    app = launch(lab, subject, fill(lab, subject, "stamped"))
    try:
        if answers(lab, subject, app):
            return _revision_in(body(app, subject.contract.request("version")))
        if must_start:
            raise app.not_started()
        return None
    finally:
        app.remove()


def _repository(lab: Lab, subject: Subject) -> tuple[Repository, str]:
    """A repository with the subject's files, and a secret in its folder `.git`."""
    repository, secret = lab.repository(), random_word("canary")
    repository.git("config", "user.signingKey", secret)
    repository.commit("The app", subject.image.files)
    return repository, secret


def _revision_in(text: str) -> str | None:
    found = (json_object(text) or {}).get("revision")
    return found if isinstance(found, str) else None


def _commit(repository: Repository) -> str:
    repository.commit("Notes", {NOTES: random_word("notes")})
    return repository.describe()


def _nothing(repository: Repository) -> str:
    return ""


def _change(repository: Repository) -> str:
    """Change a file that git knows, without a commit."""
    if NOTES not in repository.files():
        _commit(repository)
    repository.write({NOTES: random_word("changed")})
    return repository.describe()


@question(
    "revision-is-known",
    factor="I",
    text="Can you tell which commit a deploy runs?",
    how="Your files are committed to a git repository. Two commits are built, each with its "
    f"revision in the build argument {ARG}. Each deploy is asked GET /version, and its image for "
    f"the label {LABEL}. Both must be that revision.",
    remedy=f"take the revision in with `ARG {ARG}`, and set the label and an environment variable "
    "from it; let GET /version answer with that variable.",
)
def revision_is_known(lab: Lab, subject: Subject) -> Finding:
    """Two commits, since one right revision could be written into the code."""
    stamps = [subject.once(_stamp, lab, f"commit {n}", _commit) for n in (1, 2)]
    right = sum(stamp.label == stamp.given == stamp.said for stamp in stamps)
    labels, said = (
        sum(getattr(stamp, part) == stamp.given for stamp in stamps) for part in ("label", "said")
    )
    return Finding(
        judged(right == 2),
        expected="2 of 2 labels and 2 of 2 answers are the revision that was built",
        seen=f"{labels} of 2 labels and {said} of 2 answers are the revision that was built",
        columns=COLUMNS,
        rows=[stamp.row() for stamp in stamps],
    )


@question(
    "dirty-build-is-marked",
    factor="I",
    text="Does a build of uncommitted code say so?",
    how="A file is changed and not committed. The build argument is then the revision with -dirty "
    "at its end, as `git describe --dirty` writes it. Label and GET /version must have it whole.",
    remedy=f"pass the argument {ARG} on as it is: do not cut it to a length, and do not check it "
    "against a pattern that knows only hex digits.",
)
def dirty_build_is_marked(lab: Lab, subject: Subject) -> Finding:
    """The mark is git's own word; nobody else can know it once the files are in an image."""
    stamp = subject.once(_stamp, lab, "a changed tree", _change)
    good = stamp.label == stamp.given == stamp.said
    return Finding(
        judged(good),
        expected="label and answer are the revision with -dirty",
        seen=f"label {_short(stamp.label)}, answer {_short(stamp.said)}",
        columns=COLUMNS,
        rows=[stamp.row()],
    )


@question(
    "unknown-is-not-a-revision",
    factor="I",
    text="Does a build that was told no revision claim none?",
    how=f"One build without the argument {ARG}. GET /version must answer `unknown`, and the label, "
    "where there is one, must be `unknown` or empty; or the app refuses to start.",
    remedy=f"give the argument a default that is no revision: `ARG {ARG}=unknown`.",
)
def unknown_is_not_a_revision(lab: Lab, subject: Subject) -> Finding:
    """A default such as v1.0 is worse than nothing: it is believed."""
    stamp = subject.once(_stamp, lab, "no argument", _nothing)
    good = stamp.label in (None, "", "unknown") and stamp.said in (None, "unknown")
    return Finding(
        judged(good),
        expected="no revision is claimed: unknown, or the app refuses to start",
        seen=f"label {_short(stamp.label)}, "
        + (f"answer {_short(stamp.said)}" if stamp.said is not None else "no answer"),
        columns=COLUMNS,
        rows=[stamp.row()],
    )


@question(
    "repository-stays-out",
    factor="I",
    text="Does the repository itself stay out of the image?",
    how="The build gets the whole folder, .git in it, as `docker build .` sends it. A random word "
    "stands in .git/config. Every layer of the image is searched for it.",
    remedy="copy the files that the app needs by name, or write .git into .dockerignore. The "
    "history holds every password that was ever committed, and deleted again.",
)
def repository_stays_out(lab: Lab, subject: Subject) -> Finding:
    """A file that a later layer deletes is still in the image."""
    stamp = subject.once(_stamp, lab, "commit 1", _commit)
    _, secret = subject.once(_repository, lab)
    own = own_layers(stamp.image)
    found = inspection.find_in_files([own], [secret])[own]
    return Finding(
        judged(not found),
        expected="no file of .git in the image",
        seen=f"found in {', '.join(found)}" if found else "none found",
    )


OTHERS = ("org.label-schema.vcs-ref",)
"""Older names of the same label."""
REVISION = re.compile(r"[0-9a-f]{7,64}(-dirty)?|\S+-\d+-g[0-9a-f]{4,40}(-dirty)?")
"""A commit's hash, or what `git describe` makes of it."""


@question(
    "image-names-its-revision",
    factor="I",
    group="image",
    text="Can you tell from the image which commit it was built from?",
    how=f"The image's label {LABEL} is read. It must be the hash of a commit, or what `git describe` "
    "says of one.",
    remedy="pass the revision to the build and keep it: `ARG REVISION` and "
    f"`LABEL {LABEL}=$REVISION` in the Dockerfile, and "
    "`docker build --build-arg REVISION=$(git rev-parse HEAD) .`",
)
def image_names_its_revision(lab: Lab, subject: Subject) -> Finding:
    """A branch, a version or `latest` may mean other code tomorrow."""
    labels = inspection.labels(subject.image.id)
    name = next((name for name in (LABEL, *OTHERS) if labels.get(name)), LABEL)
    value = labels.get(name, "")
    return Finding(
        judged(REVISION.fullmatch(value) is not None),
        expected="a label with the hash of a commit",
        seen=f"{name} is {value[:80]}" if value else "the label is not set",
    )
