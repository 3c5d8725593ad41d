"""The variants of a lesson's app: those that come with it, and those that a learner makes.

A learner's variant is a copy of a given one, kept in the learner's folder; what the lesson came
with is never changed, so the original is always there.
"""

from pathlib import Path

from factorlab import course
from factorlab.engine.build.context import read_files
from factorlab.errors import FactorLabError, Refused
from factorlab.workspace import is_file_name, write_whole

Files = dict[str, bytes]

MINE = "my-"
"""What the name of a learner's changed copy begins with: `my-good`."""


def given(lesson: str, variant: str) -> Files:
    """The files of a variant that comes with the lesson. Raises FactorLabError, naming those
    that there are."""
    folder = course.root() / "apps" / lesson / variant
    if not (_is_name(variant) and folder.is_dir()):
        known = sorted(
            path.name for path in (course.root() / "apps" / lesson).glob("*") if path.is_dir()
        )
        raise FactorLabError(
            f"The lesson has no app '{variant}'.", next=f"choose one of: {', '.join(known)}."
        )
    return read_files(folder)


def read(lesson: str, variant: str) -> Files | None:
    """The files of a variant that the learner made, or None when there is none of that name."""
    folder = _folder(lesson, variant)
    return read_files(folder) if _is_name(variant) and folder.is_dir() else None


def of(lesson: str, variant: str) -> Files:
    """The files of a variant, whoever made it. Raises FactorLabError, as `given` does."""
    return read(lesson, variant) or given(lesson, variant)


def save(lesson: str, variant: str, file: str, text: str, base: str) -> None:
    """Keep one file of a learner's variant; its other files are those of `base` until they are
    saved too. Raises Refused for a name that is taken by the lesson or leaves the folder."""
    if not (_is_name(variant) and is_file_name(file)):
        raise Refused(
            f"'{variant}/{file}' is not the name of a file of a variant.",
            next="write the variant and the file, for instance: %%variant yours/app.py from good",
        )
    if (course.root() / "apps" / lesson / variant).is_dir():
        raise Refused(
            f"'{variant}' comes with the lesson and stays as it is.",
            next=f"give yours another name, for instance: %%variant my-{variant}/{file}",
        )
    folder = _folder(lesson, variant)
    for name, content in given(lesson, base).items():
        if not (folder / name).exists():
            write_whole(folder / name, content.decode())
    write_whole(folder / file, text)


def _is_name(variant: str) -> bool:
    return is_file_name(variant) and "/" not in variant


def _folder(lesson: str, variant: str) -> Path:
    return course.work() / "variants" / lesson / variant
