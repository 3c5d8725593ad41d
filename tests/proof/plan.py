"""What `make test` proves: the floor, what the change touches, and two parts in turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from proof.changes import Changes
from proof.parts import FLOOR, PARTS
from proof.touched import Touched, all_factors

BUDGET_SECONDS = 1100
"""What the floor, the touched parts and the turn may take together, by the stored durations, which are
those of each part alone. In one run they fill each other's gaps and take three quarters of it: 300 and
240 s in turn beside a floor of 370 took 715 s. So `make test` ends within 15 minutes on two free cores."""

FLOOR_SECONDS = 100
"""The share of the single tests that are marked `floor`."""


@dataclass
class Plan:
    """The parts that are proved, each with the reason; what is owed after it."""

    changes: Changes
    parts: dict[str, str]
    tests: tuple[str, ...]
    owed: dict[str, str] = field(default_factory=dict)
    """Part -> why it would have been proved, had there been time."""
    everything: tuple[str, ...] = ()

    @property
    def left(self) -> list[str]:
        """The parts that it does not prove."""
        return [part for part in PARTS if part not in self.parts]


def turns(seconds: Mapping[str, float]) -> list[tuple[str, str]]:
    """The parts outside of the floor in pairs, a long one with a short one: by the commits' number,
    one pair after the other has its turn."""
    rest = sorted(
        (part for part in PARTS if part not in FLOOR), key=lambda part: (-seconds[part], part)
    )
    half = (len(rest) + 1) // 2
    return [(rest[n], rest[-1 - n]) for n in range(half)]


def plan(changes: Changes, touched: Touched, commits: int, seconds: Mapping[str, float]) -> Plan:
    """Decide; `seconds` are those that each part took in the last whole proof."""
    chosen = dict.fromkeys(FLOOR, "always")
    pairs = turns(seconds)
    for part in pairs[commits % len(pairs)]:
        chosen[part] = f"its turn: commit {commits}"
    found = Plan(
        changes, chosen, tuple(sorted(touched.tests)), everything=tuple(touched.everything)
    )
    if all_factors(touched.parts):
        found.everything = found.everything or tuple(changes.files)
    if found.everything:
        found.tests = ()
        found.owed = dict.fromkeys(found.left, "the change reaches everything")
        return found
    spent = FLOOR_SECONDS + sum(seconds[part] for part in chosen)
    for part in sorted(touched.parts - set(chosen), key=lambda part: seconds[part]):
        if spent + seconds[part] > BUDGET_SECONDS:
            found.owed[part] = "touched, and no time left for it"
            continue
        spent += seconds[part]
        chosen[part] = "touched by the change"
    return found


def before(plan: Plan) -> str:
    """What is said at the start."""
    lines = [f"Changes {plan.changes.since}: {len(plan.changes.files)} files. This proves:"]
    lines += [f"  {part:8} {PARTS[part]} ({why})" for part, why in plan.parts.items()]
    lines += ["  floor    isolation, clean-up, an audit, a class of three, a page (always)"]
    if plan.tests:
        lines.append(f"  and {len(plan.tests)} changed files of tests")
    return "\n".join(lines)


def after(plan: Plan) -> str:
    """What is said at the end: what was not proved, and how to."""
    lines = []
    if plan.everything:
        shown = ", ".join(plan.everything[:3]) + (", …" if len(plan.everything) > 3 else "")
        lines.append(f"The change reaches everything ({shown}): `make prove` is owed.")
    owed = {part: why for part, why in plan.owed.items() if not plan.everything}
    lines += [f"Owed: make prove PART={part} ({why})." for part, why in owed.items()]
    rest = [part for part in plan.left if part not in owed]
    if rest:
        lines.append(
            f"Not proved: {', '.join(rest)}. One of them: make prove PART={rest[0]}; all: make prove."
        )
    return "\n".join(lines) or "Every part was proved."
