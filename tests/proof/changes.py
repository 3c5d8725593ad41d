"""Which files changed, and since when."""

import os
import subprocess
from dataclasses import dataclass

from factorlab import course


@dataclass(frozen=True)
class Changes:
    """The changed files, relative to the root of the course, and the words for since when."""

    files: tuple[str, ...]
    since: str


def git(*words: str) -> str:
    """What git prints; nothing where it refuses, or where there is no git."""
    try:
        ran = subprocess.run(
            ["git", *words], cwd=course.root(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def commits() -> int:
    """How many commits there are: what decides whose turn it is."""
    return int(git("rev-list", "--count", "HEAD") or 0)


def changes() -> Changes:
    """Since the revision in SINCE; or since what `origin` has; or, where `origin` has all of it and
    nothing is uncommitted (a fresh clone), since yesterday.

    A copy without history has no changes to go by, and the words say so.
    """
    if named := os.environ.get("SINCE"):
        if not git("rev-parse", "--verify", f"{named}^{{commit}}"):
            raise SystemExit(f"SINCE={named}: git knows no such revision here.")
        return Changes(_files(named), f"since {named} (SINCE)")
    if not git("rev-parse", "HEAD"):
        return Changes((), "since nobody knows when: this copy has no history")
    known = git("merge-base", "HEAD", "@{upstream}") or git("merge-base", "HEAD", "origin/HEAD")
    if known and (files := _files(known)):
        return Changes(files, f"since {known[:10]}, which origin has")
    before = git("rev-list", "-1", "--before=1 day ago", "HEAD")
    if before:
        return Changes(_files(before), f"since yesterday ({before[:10]})")
    first = git("hash-object", "-t", "tree", "/dev/null")
    return Changes(_files(first), "since the beginning: the history is younger than a day")


def _files(base: str) -> tuple[str, ...]:
    """Committed, uncommitted and new files alike; both names of one that moved."""
    changed = git("diff", "--name-only", "--no-renames", base).splitlines()
    new = git("ls-files", "--others", "--exclude-standard").splitlines()
    return tuple(sorted({*changed, *new}))
