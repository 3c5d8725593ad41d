"""V. Build, release, run: a release is code and config under one number, and is never changed."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from factorlab.factors.v_build_release_run.release_drill import (
    RELEASES,
    Drill,
    Rollback,
    Tool,
    configs,
    drill_of,
    shops_of,
)
from factorlab.lab import Lab
from factorlab.questions.deploys import deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject


@question(
    "rollback-restores-code",
    factor="V",
    text="Does a rollback bring back the code of its release, whatever became of the tag?",
    how="Two releases of one image, then one of another image under the same tag, and a fourth. "
    "The tool is asked to roll back to the first, when the tag has moved; then to the third and "
    "the second, when the tag is removed. What it answers as image is started and asked which "
    "build it is.",
    remedy="keep the image's id with the release, and answer with that: what a tag means is known "
    "only at the moment at which it is looked up.",
)
def rollback_restores_code(lab: Lab, subject: Subject) -> Finding:
    """What counts is which build answers, not what the tool says about it."""
    drill, shops = subject.once(drill_of, lab), list(subject.once(shops_of, lab))

    def named(word: str) -> str:
        return f"build {shops.index(word) + 1}" if word in shops else word

    rows = [
        (_ordinal(drill, one), one.tag, named(one.to.build), named(one.build))
        for one in drill.rollbacks
    ]
    right = sum(row[2] == row[3] for row in rows)
    return Finding(
        judged(right == len(rows)),
        expected=f"{len(rows)} of {len(rows)} rollbacks start the code of their release",
        seen=f"{right} of {len(rows)} rollbacks start the code of their release"
        + _unnumbered(drill),
        columns=("rolled back to", "the tag was by then", "its code", "what ran"),
        rows=rows,
        log="" if right == len(rows) else drill.log,
    )


@question(
    "rollback-restores-config",
    factor="V",
    text="Does a rollback bring back the config of its release, exactly?",
    how="Four releases; between them values change, one variable comes in, and it goes out for "
    "another. The tool is asked to roll back to the first, the third and the second. What it "
    "answers as config is given to a container, which is asked for its variables.",
    remedy="keep a copy of the whole config with each release, and answer with that copy alone: "
    "nothing of the config of today, no variable more and none less.",
)
def rollback_restores_config(lab: Lab, subject: Subject) -> Finding:
    """Variables that came later must be gone, too."""
    drill = subject.once(drill_of, lab)
    rows = [
        (_ordinal(drill, one), ", ".join(sorted(one.to.config)), _compared(one))
        for one in drill.rollbacks
    ]
    right = sum(row[2] == "as released" for row in rows)
    return Finding(
        judged(right == len(rows)),
        expected=f"{len(rows)} of {len(rows)} rollbacks start with the config of their release",
        seen=f"{right} of {len(rows)} rollbacks start with the config of their release"
        + _unnumbered(drill),
        columns=("rolled back to", "its variables", "what the container had"),
        rows=rows,
        log="" if right == len(rows) else drill.log,
    )


def _ordinal(drill: Drill, one: Rollback) -> str:
    """Which release it was, in the order in which they were handed in."""
    numbers = [answered.get("release") for answered in drill.answered]
    place = numbers.index(one.to.number) if one.to.number is not None else None
    return "a release that got no number" if place is None else f"release {place + 1}"


def _unnumbered(drill: Drill) -> str:
    """How many releases cannot be named in a rollback, if any."""
    missing = sum(
        type(answered.get("release")) is not int for answered in drill.answered[:RELEASES]
    )
    if not missing:
        return ""
    return f"; {missing} of {RELEASES} releases were answered without a whole number as release"


def _compared(one: Rollback) -> str:
    if one.config is None:
        return f"no config: {one.build}" if one.build.startswith("answered") else "no config"
    wanted, had = one.to.config, one.config
    faults = [
        *(f"{name} is missing" for name in wanted if name not in had),
        *(
            f"{name} has another value"
            for name in wanted
            if had.get(name, wanted[name]) != wanted[name]
        ),
        *(f"{name} is left over" for name in had if name not in wanted),
    ]
    return ", ".join(sorted(faults)) or "as released"


@question(
    "history-only-grows",
    factor="V",
    text="Does the history only grow?",
    how="Four releases, three rollbacks, and a rollback to a number that there is not. After each "
    "step, the history must list everything that the tool has answered so far, unchanged: number, "
    "image and config. A rollback is a release too, with a number of its own.",
    remedy="add one entry for each release and each rollback, with the next number; never change "
    "or remove one. Answer 404 to a number that there is not, and add nothing.",
)
def history_only_grows(lab: Lab, subject: Subject) -> Finding:
    """The tool's answers are compared with its lists: whether they are right is another question."""
    drill = subject.once(drill_of, lab)
    rows, broken = [], set[int]()
    for step, listed, made in drill.steps:
        answered = drill.answered[:made]
        kept = [bool(entry) and listed.count(entry) == 1 for entry in answered]
        broken |= {number for number, fine in enumerate(kept) if not fine}
        rows.append((step, made, len(listed), sum(kept)))
    numbers = [entry.get("release") for entry in drill.answered]
    rising = _rising(numbers)
    lengths = all(row[1] == row[2] for row in rows)
    of, intact = len(drill.answered), len(drill.answered) - len(broken)
    good = intact == of and rising and lengths and drill.refused.startswith("4")
    return Finding(
        judged(good),
        expected=f"{of} of {of} entries stay as they were answered, {of} listed at the end, each "
        "number higher than those before, 4xx for a number that there is not",
        seen=f"{intact} of {of} entries stay as they were answered, {rows[-1][2]} listed at the "
        f"end, {'each number higher than those before' if rising else 'numbers that do not rise'}"
        f", {drill.refused} for a number that there is not",
        columns=("after a", "entries so far", "listed", "as answered"),
        rows=rows,
        log="" if good else drill.log,
    )


@question(
    "history-survives-the-tool",
    factor="V",
    text="Is the history still there when the tool itself is replaced?",
    how="Two releases. The tool's container gets SIGKILL and is removed; a new one starts with the "
    "same variables. It must list both, give the next release a higher number, and roll back to "
    "the first with its image and config.",
    remedy="keep the releases, and the number of the last, in Redis or in the database: a variable "
    "and a file of the container end with it.",
)
def history_survives_the_tool(lab: Lab, subject: Subject) -> Finding:
    """Compared with what the first container answered, so that this asks only for lasting."""
    config, sets = fill(lab, subject, "lasting"), configs()
    image = next(iter(subject.once(shops_of, lab).values()))
    tool = Tool(lab, subject, deploy(lab, subject, config))
    answered = [tool.release("shop:v1.2.3", image, values) for values in sets[:2]]
    tool.app.kill()
    tool.app.remove()
    tool = Tool(lab, subject, deploy(lab, subject, config))
    listed = tool.history()
    kept = sum(bool(entry) and entry in listed for entry in answered)
    number = tool.release("shop:v1.2.3", image, sets[2]).get("release")
    numbers = [entry.get("release") for entry in answered]
    higher = _rising([*numbers, number])
    _, back = tool.roll_back(numbers[0])
    same = bool(back) and all(back[key] == answered[0].get(key) for key in ("image", "config"))
    log = tool.app.logs(tail=8)
    tool.app.remove()
    good = kept == 2 and higher and same
    said = "no number" if number is None else f"the number {str(number)[:20]}"
    return Finding(
        judged(good),
        expected="2 of 2 releases listed by the new container, a higher number for the next, the "
        "first brought back by a rollback",
        seen=f"{kept} of 2 releases listed by the new container, "
        f"{'a higher number' if higher else said} for the next, the first "
        f"{'brought back' if same else 'not brought back'} by a rollback",
        log="" if good else log,
    )


def _rising(numbers: Sequence[Any]) -> bool:
    """Whether these are whole numbers, each higher than the one before."""
    return all(type(n) is int for n in numbers) and all(a < b for a, b in pairwise(numbers))
