"""I. Codebase, of any image: whether it says which revision it was built from."""

import re

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.codebase import LABEL
from factorlab.engine import inspection
from factorlab.lab import Lab

OTHERS = ("org.label-schema.vcs-ref",)
"""Older names of the same label."""
REVISION = re.compile(r"[0-9a-f]{7,64}(-dirty)?|\S+-\d+-g[0-9a-f]{4,40}(-dirty)?")
"""A commit's hash, or what `git describe` makes of it."""


@check(
    "image-names-its-revision",
    factor="I",
    question="Can you tell from the image which commit it was built from?",
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
