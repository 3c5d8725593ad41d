"""VI. Stateless processes: what must outlive a process is kept in a backing service."""

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from factorlab.lab import Lab
from factorlab.questions.deploys import REPLICAS, deploy, replicas, shared
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.needs import LOGIN, ME
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.questions.users import COOKIE, EACH, User, Users, one_by_one, sent_by

USERS = 30
ASKED = USERS * EACH
LOGGED_OUT = 3
LATE_SECONDS = 6
"""How long after its time a session may still be taken, so that rounding decides nothing."""


@question(
    "sessions-outlive-a-replica",
    factor="VI",
    group="replicas",
    needs=(
        LOGIN,
        ME,
    ),
    text="Does a user stay logged in, whichever replica answers and whichever dies?",
    how=f"{REPLICAS} replicas stand behind a router that gives them requests in turn. {USERS} "
    f"users log in, then each asks {EACH} times who they are, shuffled. One replica gets SIGKILL, "
    "the router is pointed at the others, and all ask again.",
    remedy="keep sessions where every replica finds them: not in a variable, not in a file of the "
    "container.",
)
def sessions_outlive_a_replica(lab: Lab, subject: Subject) -> Finding:
    """Shuffled, one at a time, a connection each: users in order fall in step with the turns."""
    apps = replicas(lab, subject)
    users = Users(subject.contract, USERS)
    router = lab.router(*apps, name="sessions-router")
    try:
        logged_in = users.log_in(router)
        before = users.valid(router)
        apps[0].kill()
        router.point_at(apps[1:])
        after = users.valid(router)
    finally:
        router.remove()
    return Finding(
        judged(before == after == ASKED),
        expected=f"{ASKED} of {ASKED} requests know their user before, {ASKED} of {ASKED} after",
        seen=f"{before} of {ASKED} before, {after} of {ASKED} after"
        + (
            ""
            if logged_in == USERS
            else f"; {logged_in} of {USERS} users got a cookie {subject.contract.cookie}"
        ),
        columns=("when", "replicas", "requests", "know their user"),
        rows=[
            ("before", REPLICAS, ASKED, before),
            ("after one was killed", REPLICAS - 1, ASKED, after),
        ],
        log="" if before == after == ASKED else apps[1].logs(tail=8),
    )


@question(
    "logout-holds-everywhere",
    factor="VI",
    text="Does a logout on one replica hold on all of them?",
    how=f"{2 * LOGGED_OUT} users log in, each on one of {REPLICAS} replicas. Half of them log out, "
    "each on another replica than that of the login. Then the cookies that they had are sent to "
    "all replicas, as somebody would who has copied them; the others ask who they are.",
    remedy="let a logout change what all replicas look at: remove the session from the store, or "
    "put a signed one on a list there. Deleting the cookie takes it from the browser only.",
)
def logout_holds_everywhere(lab: Lab, subject: Subject) -> Finding:
    """Those who stay count too: an app that refuses everybody has no logout."""
    apps, contract = replicas(lab, subject), subject.contract
    groups = [Users(contract, 2) for _ in apps]
    for number, group in enumerate(groups):
        group.log_in(apps[number])
        elsewhere = apps[(number + 1) % REPLICAS]
        one_by_one(elsewhere, [group.all[0].sends(contract.request("logout"))])
    rows: list[tuple[str, int, int]] = []
    for number, app in enumerate(apps, 1):
        counted: list[int] = []
        for place in (0, 1):
            users = [group.all[place] for group in groups]
            replies = one_by_one(
                app, [user.sends(contract.request("me")) for user in users]
            ).replies
            counted.append(sum(u.is_named_in(r) for u, r in zip(users, replies, strict=True)))
        rows.append((f"replica {number}", counted[0], counted[1]))
    gone, stay = sum(row[1] for row in rows), sum(row[2] for row in rows)
    of = LOGGED_OUT * REPLICAS
    return Finding(
        judged(gone == 0 and stay == of),
        expected=f"0 of {of} requests accepted after a logout, {of} of {of} without one",
        seen=f"{gone} of {of} accepted after a logout, {stay} of {of} without one",
        columns=("asked", "logged out, and accepted", "logged in, and accepted"),
        rows=rows,
    )


@question(
    "forged-sessions-refused",
    factor="VI",
    text="Is a session that nobody was given refused?",
    how="A user logs in. Somebody else, who logs in before and after, sends cookies that they "
    "could make up: the user's name and what is computed from it, numbers, neighbors of their own "
    "cookies, and their own with the user's name put in. Their own cookies must work.",
    remedy="make the id of random bytes (secrets.token_urlsafe), or sign what the cookie holds "
    "with the secret, and compare the signature.",
)
def forged_sessions_refused(lab: Lab, subject: Subject) -> Finding:
    """All on one replica, so that only the ids decide."""
    app, contract = replicas(lab, subject)[0], subject.contract
    before, victim, after = (Users(contract, 1) for _ in range(3))
    for users in (before, victim, after):
        users.log_in(app)
    thieves = [before.all[0], after.all[0]]
    own = before.valid(app, 1) + after.valid(app, 1)
    target = victim.all[0]
    tries = [
        (kind, value)
        for kind, value in _forged(target, thieves)
        if value not in {user.session for user in thieves}
    ]
    calls = [sent_by("", contract.request("me"), {COOKIE: value}) for _, value in tries]
    replies = one_by_one(app, calls).replies
    taken = [kind for (kind, _), reply in zip(tries, replies, strict=True) if reply.ok]
    kinds = list(dict.fromkeys(kind for kind, _ in tries))
    names = ", ".join(dict.fromkeys(taken))
    return Finding(
        judged(not taken and own == 2),
        expected="0 made-up cookies accepted, 2 of 2 real ones",
        seen=f"{len(taken)} made-up cookies accepted{f' ({names})' if taken else ''}, "
        f"{own} of 2 real ones",
        columns=("cookie", "sent", "accepted"),
        rows=[(k, sum(kind == k for kind, _ in tries), taken.count(k)) for k in kinds],
    )


def _forged(victim: User, thieves: list[User]) -> Iterator[tuple[str, str]]:
    """What somebody can send who knows the user's name and cookies of their own."""
    name, session = victim.name, thieves[0].session
    yield from (("the user's name", text) for text in (name, f"session:{name}", f"session-{name}"))
    for algorithm in ("md5", "sha1", "sha256"):
        yield "computed from the name", hashlib.new(algorithm, name.encode()).hexdigest()
    for text in (
        name,
        json.dumps({"user": name}),
        json.dumps({"user": name}, separators=(",", ":")),
    ):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(text.encode()).decode()
            yield from (("computed from the name", form) for form in {encoded, encoded.rstrip("=")})
    yield from (("a number", str(number)) for number in range(40))
    yield "random", secrets.token_urlsafe(16)
    yield "random", secrets.token_hex(len(session) // 2 or 16)
    for thief in thieves:
        for match in re.finditer(r"\d{1,15}$", thief.session):
            head, number = thief.session[: match.start()], int(match[0])
            for step in (-2, -1, 1, 2):
                digits = str(max(0, number + step)).zfill(len(match[0]))
                yield "a neighbor of their own", head + digits
        yield from (("their own, renamed", text) for text in _renamed(thief, name))


def _renamed(thief: User, name: str) -> Iterator[str]:
    """The thief's cookie with the victim's name in it: as text, and inside of base64."""
    session = thief.session.strip('"')
    if thief.name in session:
        yield session.replace(thief.name, name)
    parts = re.split(r"([.|:])", session)
    for place, part in enumerate(parts):
        with suppress(ValueError):
            text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            if thief.name.encode() in text:
                changed = base64.urlsafe_b64encode(text.replace(thief.name.encode(), name.encode()))
                for form in {changed.decode(), changed.decode().rstrip("=")}:
                    yield "".join([*parts[:place], form, *parts[place + 1 :]])


@question(
    "sessions-expire",
    factor="VI",
    text="Does a session end by itself?",
    how="Two deploys: one is told a few seconds, the other many minutes. Users log in to both, "
    "and after the few seconds their cookies are sent again.",
    remedy="give each session its end where it is kept (in Redis `ex=`), from the variable. A "
    "cookie's Max-Age asks the browser to forget; who has copied the cookie does not.",
)
def sessions_expire(lab: Lab, subject: Subject) -> Finding:
    """Each user asks once at the start and once at the end, so that an app which extends a session
    at each request is right too."""
    name = next(v.name for v in subject.contract.of_kind("seconds"))
    few, config = 3 + secrets.randbelow(3), shared(lab, subject)
    briefly = replace(config, env=config.env | {name: str(few)})
    short, long = lab.together(*(lambda c=c: deploy(lab, subject, c) for c in (briefly, config)))
    lasting, brief = Users(subject.contract, 1), Users(subject.contract, LATE_SECONDS)
    lasting.log_in(long)
    began = time.monotonic()
    brief.log_in(short)
    first = brief.valid(short, 1)
    asked_at = time.monotonic()
    if first < len(brief) and asked_at - began >= few - 1:
        return Finding(
            Outcome.INCONCLUSIVE,
            expected=f"{len(brief)} requests within {few} s",
            seen="this machine was too slow to send them while the sessions lasted",
        )
    ended_after = None
    for late, user in enumerate(brief.all, 1):
        time.sleep(max(0, asked_at + few + late - time.monotonic()))
        if not one_by_one(short, [user.sends(subject.contract.request("me"))]).succeeded:
            ended_after = late
            break
    lasts = lasting.valid(long, 1)
    good = first == len(brief) and ended_after is not None and lasts == 1
    return Finding(
        judged(good),
        expected=f"told {few} s: {len(brief)} of {len(brief)} valid at once, refused at the end; "
        f"told {config.env[name]} s: still valid then",
        seen=f"told {few} s: {first} of {len(brief)} valid at once, "
        + ("refused at the end" if ended_after else f"still valid {LATE_SECONDS} s after the end")
        + f"; told {config.env[name]} s: {'still valid' if lasts else 'refused'} then",
        log="" if good else short.logs(tail=8),
    )
