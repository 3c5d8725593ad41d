"""II. Dependencies: what is installed is declared, completely and exactly.

The question is asked of the build: the index that it installs from is the lab's own, so that time
can pass there, files can be changed, and what a build takes is counted by the index.
"""

import re
import secrets
from dataclasses import dataclass, replace

from factorlab.engine.build.build import Build
from factorlab.errors import FactorLabError, NotStarted
from factorlab.lab import Lab
from factorlab.lab.services.package_index import Index
from factorlab.lab.services.wheels import Wheel, release_of
from factorlab.questions.deploys import body, deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

NOT_STARTED = "it does not start"


@dataclass(frozen=True)
class Made:
    """What came of one build: the image, or none and the build's last lines; the versions of the
    packages that it took, by project; and the names of their files."""

    image: Build | None
    log: str
    versions: dict[str, str]
    files: tuple[str, ...]


def _index(lab: Lab) -> Index:
    if not lab.has_index:
        raise FactorLabError(
            "This lab has no package index to ask the question of.",
            next="make one first, and let the app install from it: lab.index().",
        )
    return lab.index()


def _make(lab: Lab, subject: Subject) -> Made:
    """Build the subject's files anew, from the index as it is now."""
    image, log = None, ""
    with _index(lab).watched() as fetched:
        try:
            image = lab.build_again(subject.image)
        except NotStarted as error:
            log = error.logs
    return Made(image, log, dict(map(release_of, fetched)), tuple(dict.fromkeys(fetched)))


def _first(lab: Lab, subject: Subject) -> Made:
    """The build on the index's first day; made once for a subject. Raises NotStarted when the
    index alone cannot be the reason for its failure."""
    made = _make(lab, subject)
    if made.image is None:
        raise NotStarted(
            f"The image of '{subject.name}' could not be built from the index as it is on the "
            "first day.",
            next="read the last lines below.",
            logs=made.log,
        )
    return made


def _answer(lab: Lab, subject: Subject, image: Build) -> str:
    """What the app of this image answers to the contract's write request."""
    rebuilt_subject = replace(subject, image=image)
    try:
        app = deploy(lab, rebuilt_subject, fill(lab, rebuilt_subject, "built"))
    except NotStarted:
        return NOT_STARTED
    text = body(app, subject.contract.write) or "nothing"
    app.remove()
    return text


def _newer(version: str) -> str:
    """A later patch release that nobody can have guessed: within every range that the version is
    in, so that only an exact version keeps it out."""
    release = re.match(r"[\d.]*\d", version)
    parts = (release[0] if release else "0").split(".")
    more = 1 + secrets.randbelow(90)
    if len(parts) < 3:
        return ".".join([*parts, str(more)])
    return ".".join([*parts[:-1], str(int(parts[-1]) + more)])


def _a_week_passes(index: Index, first: Made) -> None:
    """A newer release of every package that the first build took; the older ones are withdrawn."""
    for name, version in first.versions.items():
        for old in {v for n, v in map(release_of, index.files()) if n == name}:
            index.yank(name, old)
        index.put(Wheel(name, _newer(version), 'raise ImportError("this is a newer release")\n'))


@question(
    "same-build-after-releases",
    factor="II",
    text="Does the same code build the same app next week?",
    how="The image is built. Then a newer release of every package that the build took is "
    "published, and the older ones are withdrawn: they stay for those who ask for exactly them. "
    "The image is built again, without a cache. Both are started and get the same request.",
    remedy="name every package that is installed, also those that the others bring along, each "
    "with == and its version.",
)
def same_build_after_releases(lab: Lab, subject: Subject) -> Finding:
    """What was taken is counted by the index, what it does by the answer: an image that says of
    itself what is in it is not believed."""
    index = _index(lab)
    with index.as_on_the_first_day():
        first = subject.once(_first, lab)
        _a_week_passes(index, first)
        second = _make(lab, subject)
    names = sorted({*first.versions, *second.versions})
    rows = [(name, first.versions.get(name, "-"), second.versions.get(name, "-")) for name in names]
    same = sum(before == after for _, before, after in rows)
    write = f"{subject.contract.write.method} {subject.contract.write.path}"
    expected = f"all packages in the same versions, and the same answer to {write}"
    if not first.files:
        seen, good = "the build took no package from the index", False
    elif second.image is None:
        seen, good = "the second build failed", False
    else:
        assert first.image is not None
        before, after = (_answer(lab, subject, image) for image in (first.image, second.image))
        good = same == len(rows) and before == after and before != NOT_STARTED
        comparison = "the same answer" if before == after else f"{before[:60]} then {after[:60]}"
        seen = f"{same} of {len(rows)} packages in the same version, {comparison}"
    return Finding(
        judged(good),
        expected=expected,
        seen=seen,
        columns=("package", "first build", "a week later"),
        rows=rows,
        log=second.log,
    )


@question(
    "changed-files-refused",
    factor="II",
    text="Is a package refused when its file is not the one that you chose?",
    how="For each package that the build takes, the file on the index is replaced by another one "
    "with the same name and version, and the image is built. The file works as before, and has "
    "other bytes.",
    remedy="write the SHA-256 of each package's file beside its version (--hash=sha256:…): pip then "
    "installs nothing else, and wants one for every package.",
)
def changed_files_refused(lab: Lab, subject: Subject) -> Finding:
    """One file at a time: a hash on one package says nothing of the others. It does what it did,
    so that no test of the app's behavior finds it out."""
    index = _index(lab)
    with index.as_on_the_first_day():
        first = subject.once(_first, lab)
    rows = []
    for file in first.files:
        with index.as_on_the_first_day():
            index.replace(file, f"# {secrets.token_hex(8)}\n")
            rows.append((file, "installed" if _make(lab, subject).image else "refused"))
    refused = sum(word == "refused" for _, word in rows)
    return Finding(
        judged(bool(rows) and refused == len(rows)),
        expected=f"{len(rows)} of {len(rows)} changed files refused" if rows else "files to change",
        seen=f"{refused} of {len(rows)} changed files refused"
        if rows
        else "the build took no package from the index",
        columns=("changed file", "the build"),
        rows=rows,
    )
