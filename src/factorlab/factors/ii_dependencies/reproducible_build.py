"""II. Dependencies, of any Dockerfile: built twice without a cache, it gives the same files."""

import re

from factorlab.engine.images.inspection import files_of
from factorlab.lab import Lab
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import FOLDER
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

SHOWN = 6
NOISE = re.compile(
    r"\.pyc$|^(tmp|run|proc|sys|dev)/|^var/(log|cache|lib/apt|lib/systemd)/|(^|/)\.(cache|npm)/"
    r"|^etc/(hostname|hosts|resolv\.conf|ld\.so\.cache|machine-id)$|^var/lib/dpkg/.*-old$"
    r"|(^|/)\.package-lock\.json$|^etc/(shadow|passwd|group|gshadow)-?$"
)
"""What differs between any two builds, by the times in it or by chance, and changes nothing."""


@question(
    "two-builds-alike",
    factor="II",
    group="image",
    needs=(FOLDER,),
    text="Does the same folder give the same image, built twice?",
    how="The folder is built once more, without the cache. All files that the two images do not share are "
    "compared by their content; dates, caches and logs are left out.",
    remedy="the paths in the table differ. Name exact versions of everything with a lock file "
    "(pip install --require-hashes, npm ci), and write no dates and no random values while building.",
)
def two_builds_alike(lab: Lab, subject: Subject) -> Finding:
    """Two builds in a row show what a build makes up. What a new release of a package does to it
    tomorrow, they cannot show."""
    ids = [subject.image.id, lab.build_anew(subject.image).id]
    found = files_of(ids)
    first, second = (found[id] for id in ids)
    paths = sorted(
        path
        for path in first.keys() | second.keys()
        if first.get(path) != second.get(path) and not NOISE.search(path)
    )
    return Finding(
        judged(not paths),
        expected="0 files differ",
        seen=f"{len(paths)} files differ" if len(paths) != 1 else "1 file differs",
        columns=("path", "in the first", "in the second"),
        rows=[
            ("/" + path, first.get(path, "not there")[:12], second.get(path, "not there")[:12])
            for path in paths[:SHOWN]
        ],
    )
