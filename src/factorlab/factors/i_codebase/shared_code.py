"""I. Codebase: what two apps need stands in one place, and no deploy's name is in the code."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from factorlab.engine.build.build import Build
from factorlab.factors.iii_config.settings import STAGE_VARIABLES
from factorlab.lab import Lab, Request
from factorlab.questions.deploys import Config, answers, json_object, launch, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

RULE = "pricing.py"
FROM = "DISCOUNT_FROM"
CENTS = 300
APPS = ("shop", "billing")
REQUESTS = {"shop": "price", "billing": "invoice"}
"""App -> its request in the contract; `?pieces=N` is added to its path."""
Images = Mapping[str, Build]
Rule = Callable[[int, int], int]


def agreed(pieces: int, discount_from: int) -> int:
    """The rule of the exercise: a tenth off from so many pieces on."""
    cents = CENTS * pieces
    return cents * 9 // 10 if pieces >= discount_from else cents


def _images(lab: Lab, subject: Subject, rule: str = "") -> Images:
    """The images of both apps, from the same files, built once for an answer; with another text of
    the rule, if given."""
    files = dict(subject.image.files)
    if rule:
        files[RULE] = rule.encode()
    return {
        app: lab.build(app, files, trusted=not lab.untrusted, dockerfile=dockerfile)
        for app, dockerfile in zip(APPS, ("Dockerfile", "Dockerfile.billing"), strict=True)
    }


def _prices(
    lab: Lab, subject: Subject, images: Images, env: Mapping[str, str], pieces: Sequence[int]
) -> dict[str, list[int | None]]:
    """What each app says that so many pieces cost; None for an answer without `cents`. Raises
    NotStarted for one that does not come up."""
    variables = {**dict.fromkeys(STAGE_VARIABLES, random_word("deploy")), **env}
    found: dict[str, list[int | None]] = {}
    for app, image in images.items():
        built = replace(subject, name=app, image=image)
        deploy = launch(lab, built, Config(variables, None, subject.contract.port))
        if not answers(lab, built, deploy):
            raise deploy.not_started()
        path = subject.contract.request(REQUESTS[app]).path
        load = deploy.load([Request("GET", f"{path}?pieces={number}") for number in pieces])
        found[app] = [_cents(reply.text) for reply in load.replies]
        deploy.remove()
    return found


def _cents(text: str) -> int | None:
    cents = (json_object(text) or {}).get("cents")
    return cents if isinstance(cents, int) else None


LIMITS = tuple(number for number in range(5, 30) if number not in {10, 11, 20, 21, 25, 26})
"""Where the discount may begin in a deploy: never at a number that stands in an app's code already,
nor just above it (`pieces > 20` is `pieces >= 21`), which would follow its configuration by luck."""


def around(discount_from: int) -> list[int]:
    """The numbers of pieces that prices are asked for: below the limit, at it, and above."""
    return [1, discount_from - 1, discount_from, discount_from + 1, 3 * discount_from]


def _finding(
    found: Mapping[str, Sequence[int | None]], pieces: Sequence[int], rule: Rule, limit: int
) -> Finding:
    """How many of each app's prices follow a rule, with every price as evidence."""
    wanted = [rule(number, limit) for number in pieces]
    right = {
        app: sum(a == b for a, b in zip(prices, wanted, strict=True))
        for app, prices in found.items()
    }
    of = len(pieces)
    return Finding(
        judged(set(right.values()) == {of}),
        expected=f"shop: {of} of {of} prices follow it, billing: {of} of {of}",
        seen=", ".join(
            f"{app}: {count} of {of}" + (" prices follow it" if app == APPS[0] else "")
            for app, count in right.items()
        ),
        columns=("pieces", "expected", *found),
        rows=[
            (
                number,
                cents,
                *("none" if prices[n] is None else prices[n] for prices in found.values()),
            )
            for n, (number, cents) in enumerate(zip(pieces, wanted, strict=True))
        ],
    )


@question(
    "one-rule-for-two-apps",
    factor="I",
    text="Do shop and billing ask the same price?",
    how=f"Both images are built from your files and get the same {FROM}, a random number. Both "
    f"are asked for prices around it: {CENTS} cents a piece, a tenth off from that number on.",
    remedy=f"let both apps import the same function, and pass it the number in {FROM}.",
)
def one_rule_for_two_apps(lab: Lab, subject: Subject) -> Finding:
    """Around the limit: there the copies of the starter differ."""
    limit = secrets.choice(LIMITS)
    found = _prices(
        lab, subject, subject.once(_images, lab), {FROM: str(limit)}, pieces := around(limit)
    )
    return _finding(found, pieces, agreed, limit)


@question(
    "rule-stands-in-one-place",
    factor="I",
    text="Does a change in one file reach both apps?",
    how=f"The file {RULE} is replaced by one with another rule and random numbers, everything "
    "else stays. Both images are built again and asked for prices.",
    remedy=f"import the rule from {RULE} in both apps, and copy that file in both Dockerfiles. A "
    "copy that is left over, or a number in an app, does not follow.",
)
def rule_stands_in_one_place(lab: Lab, subject: Subject) -> Finding:
    """The new rule has nothing in common with the old one but its name and its arguments."""
    each, off = 11 + secrets.randbelow(80), 1 + secrets.randbelow(9)
    limit = secrets.choice(LIMITS)
    text = (
        '"""What an order costs."""\n\n\ndef total(pieces, discount_from):\n'
        f"    return {each} * pieces - ({off} if pieces >= discount_from else 0)\n"
    )
    images = _images(lab, subject, text)
    found = _prices(lab, subject, images, {FROM: str(limit)}, pieces := around(limit))
    return _finding(found, pieces, lambda n, at: each * n - (off if n >= at else 0), limit)


@question(
    "no-name-decides",
    factor="I",
    text="Does the same code run in every deploy, whatever it is called?",
    how="Three deploys of each image call themselves production, staging and a random name in the "
    f"usual variables (APP_ENV, ENV, STAGE …), with the same {FROM}. All must ask the same prices.",
    remedy=f"take the condition on the deploy's name out of the code. What differs, {FROM} says.",
)
def no_name_decides(lab: Lab, subject: Subject) -> Finding:
    """The prices need not be right for this: they must be the same."""
    limit, images = secrets.choice(LIMITS), subject.once(_images, lab)
    pieces = sorted({*around(limit), 9, 10, 11, 19, 20, 21})
    rows: list[tuple[str, str, str]] = []
    prices: dict[str, list[list[int | None]]] = {app: [] for app in APPS}
    for name in ("production", "staging", random_word("joes")):
        env = {**dict.fromkeys(STAGE_VARIABLES, name), FROM: str(limit)}
        for app, found in _prices(lab, subject, images, env, pieces).items():
            prices[app].append(found)
            same = found == prices[app][0]
            rows.append((app, name, "the same prices" if same else "other prices"))
    lists = {app: len({tuple(one) for one in found}) for app, found in prices.items()}
    answered = all(None not in one for found in prices.values() for one in found)
    return Finding(
        judged(answered and set(lists.values()) == {1}),
        expected="different lists of prices in 3 deploys: shop 1, billing 1",
        seen="different lists of prices in 3 deploys: "
        + ", ".join(f"{app} {number}" for app, number in lists.items())
        + ("" if answered else "; some requests got no price"),
        columns=("app", "the deploy calls itself", "compared with the first"),
        rows=rows,
    )
