"""VI. Stateless processes, the disk: a file that a user uploads belongs to no single process."""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab
from factorlab.lab.apps.disk import used_kib
from factorlab.lab.apps.http import is_success
from factorlab.questions.contract import FILE, Contract
from factorlab.questions.deploys import REPLICAS, random_word, replicas
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

LIMIT = 500_000
"""The largest file, in bytes, that the exercise asks an app to keep."""
FILES = 6
DOWNLOADS = FILES * REPLICAS
VERSIONS = 3
MAY_GROW_KIB = 100
"""What a replica may write to its own disk meanwhile: less than any of the files."""


def _name() -> str:
    return f"{random_word('file')}.bin"


def _send(
    app: App, contract: Contract, kind: str, name: str, content: bytes | None
) -> tuple[int | None, bytes]:
    """Status and body of the response to one upload or download; None and nothing without one."""
    request = contract.request(kind)
    path = request.path.replace(FILE, name)
    try:
        response = app.request(request.method, path, content=content, seconds=20)
    except NoAnswer:
        return None, b""
    return response.status_code, response.content


def _upload(app: App, contract: Contract, name: str, content: bytes) -> int | None:
    return _send(app, contract, "upload", name, content)[0]


def _download(app: App, contract: Contract, name: str) -> bytes | None:
    """What a replica gives back under a name; None when it is not a success."""
    status, content = _send(app, contract, "download", name, None)
    return content if _kept(status) else None


def _kept(status: int | None) -> bool:
    return is_success(status)


def _whole(apps: Sequence[App], contract: Contract, files: Mapping[str, bytes]) -> int:
    """How many downloads, of each file from each replica, are what was uploaded."""
    return sum(
        _download(app, contract, name) == content for app in apps for name, content in files.items()
    )


@question(
    "uploads-outlive-a-replica",
    factor="VI",
    text="Can a file be downloaded from every replica, also when the one that took it is gone?",
    how=f"{FILES} text files of 200 000 to 400 000 bytes go to {REPLICAS} replicas in turn, and "
    "each is downloaded from each replica. One replica gets SIGKILL and is removed, a new one "
    "comes in its place, and each file is downloaded from each again. Every byte is compared.",
    remedy="keep the files where every replica finds them: in PostgreSQL or in Redis, not in a "
    "folder and not in a variable.",
)
def uploads_outlive_a_replica(lab: Lab, subject: Subject) -> Finding:
    """Text only: whether bytes survive is another question."""
    apps, contract = replicas(lab, subject), subject.contract
    files = {_name(): secrets.token_hex(100_000 + 20_000 * n).encode() for n in range(FILES)}
    stored = sum(
        _kept(_upload(apps[number % REPLICAS], contract, name, content))
        for number, (name, content) in enumerate(files.items())
    )
    before = _whole(apps, contract, files)
    apps[0].kill()
    apps[0].remove()
    after = _whole(replicas(lab, subject), contract, files)
    good = before == after == DOWNLOADS
    return Finding(
        judged(good),
        expected=f"{DOWNLOADS} of {DOWNLOADS} downloads whole before, {DOWNLOADS} of {DOWNLOADS} "
        "after",
        seen=f"{before} of {DOWNLOADS} downloads whole before, {after} of {DOWNLOADS} after"
        + ("" if stored == FILES else f"; {stored} of {FILES} uploads were answered 2xx"),
        columns=("when", "files", "replicas", "downloads", "whole"),
        rows=[
            ("before", FILES, REPLICAS, DOWNLOADS, before),
            ("after one was replaced", FILES, REPLICAS, DOWNLOADS, after),
        ],
        log="" if good else apps[1].logs(tail=8),
    )


def _kinds() -> dict[str, bytes]:
    """Contents that are lost when somebody takes bytes for text."""
    return {
        "one byte above 127": bytes([128 + secrets.randbelow(128)]),
        "each value from 0 to 255": bytes(range(256)),
        "text with ends of line": "Tee für Mia\r\n\r\nund Kaffee\n".encode(),
        "300 000 random bytes": secrets.token_bytes(300_000),
    }


@question(
    "uploads-keep-every-byte",
    factor="VI",
    text="Does a file come back byte for byte?",
    how="Files with each possible byte, with random bytes and with several kinds of line ends are "
    "uploaded to one replica and downloaded from it.",
    remedy="take the body of the request as bytes (await request.body()) and keep it as bytes: no "
    "decode, no str, no decode_responses=True. Response(content) gives bytes back as they are.",
)
def uploads_keep_every_byte(lab: Lab, subject: Subject) -> Finding:
    """One replica, so that only the bytes decide."""
    app, contract = replicas(lab, subject)[0], subject.contract
    kinds, rows = _kinds(), []
    for kind, content in kinds.items():
        name = _name()
        up = _upload(app, contract, name, content)
        down, back = _send(app, contract, "download", name, None)
        came = "as sent" if _kept(down) and back == content else f"{len(back)} other bytes"
        if not _kept(up):
            came = f"upload: {_answered(up)}"
        elif not _kept(down):
            came = f"download: {_answered(down)}"
        rows.append((kind, len(content), came))
    good = sum(row[2] == "as sent" for row in rows)
    return Finding(
        judged(good == len(kinds)),
        expected=f"{len(kinds)} of {len(kinds)} files come back as sent",
        seen=f"{good} of {len(kinds)} files come back as sent",
        columns=("file", "bytes", "came back"),
        rows=rows,
        log="" if good == len(kinds) else app.logs(tail=8),
    )


def _answered(status: int | None) -> str:
    return f"status {status}" if status else "no response"


@question(
    "uploads-replace",
    factor="VI",
    text="Is the newest file of a name the one that everybody gets?",
    how=f"{VERSIONS} files are uploaded under the same name, each to another of {REPLICAS} "
    "replicas, the second shorter than the others. After each upload, the file is downloaded from "
    "each replica.",
    remedy="let an upload replace what is stored under the name (ON CONFLICT (name) DO UPDATE, or "
    "set), all of it, and keep no copy in a replica that another one can make old.",
)
def uploads_replace(lab: Lab, subject: Subject) -> Finding:
    """Downloads in between warm every cache; a shorter file shows what is left of a longer one."""
    apps, contract, name = replicas(lab, subject), subject.contract, _name()
    sizes = (300_000, 100_000, 200_000)
    rows, newest, stored = [], 0, 0
    for number, (app, size) in enumerate(zip(apps, sizes, strict=True), 1):
        content = secrets.token_hex(size // 2).encode()
        stored += _kept(_upload(app, contract, name, content))
        got = _whole(apps, contract, {name: content})
        newest += got
        rows.append((f"file {number}, to replica {number}", size, REPLICAS, got))
    of = VERSIONS * REPLICAS
    return Finding(
        judged(newest == of),
        expected=f"{of} of {of} downloads are the newest file",
        seen=f"{newest} of {of} downloads are the newest file"
        + ("" if stored == VERSIONS else f"; {stored} of {VERSIONS} uploads were answered 2xx"),
        columns=("uploaded under one name", "bytes", "downloads", "newest"),
        rows=rows,
        log="" if newest == of else apps[0].logs(tail=8),
    )


@question(
    "uploads-have-a-limit",
    factor="VI",
    text="Is a file that is too large refused, and one that just fits kept?",
    how=f"Three files go to one replica: one of {LIMIT} bytes, one with a byte more, and one of "
    "900 000 bytes. Then all three names are downloaded.",
    remedy=f"compare len(body) with {LIMIT} before you store anything, and answer 413 when it is "
    "larger; a name that nothing is stored under is answered 404.",
)
def uploads_have_a_limit(lab: Lab, subject: Subject) -> Finding:
    """One replica, so that only the sizes decide; text, so that bytes do not."""
    app, contract = replicas(lab, subject)[0], subject.contract
    rows = []
    for size, wanted in (
        (LIMIT, "2xx and 2xx"),
        (LIMIT + 1, "413 and 404"),
        (900_000, "413 and 404"),
    ):
        name, content = _name(), secrets.token_hex(size)[:size].encode()
        up = _upload(app, contract, name, content)
        down, back = _send(app, contract, "download", name, None)
        good = (
            (_kept(up) and _kept(down) and back == content)
            if size == LIMIT
            else ((up, down) == (413, 404))
        )
        rows.append((size, _answered(up), _answered(down), wanted, "yes" if good else "no"))
    right = sum(row[-1] == "yes" for row in rows)
    return Finding(
        judged(right == len(rows)),
        expected=f"{LIMIT} bytes are kept and come back whole; the two larger files are answered "
        "413, and their names 404",
        seen="; ".join(f"{row[0]} bytes: {row[1]}, then {row[2]}" for row in rows),
        columns=("bytes", "upload", "download", "wanted", "right"),
        rows=rows,
        log="" if right == len(rows) else app.logs(tail=8),
    )


@question(
    "uploads-leave-no-copy",
    factor="VI",
    text="Does a replica keep no file on its own disk?",
    how=f"The space in use where a container can write (/tmp and /dev/shm) is read for {REPLICAS} "
    f"replicas, from a container beside each, before and after each of them takes a file of "
    "400 000 bytes and gives out all of them.",
    remedy="hand the bytes to the store and write no file: not in passing, and not as a cache.",
)
def uploads_leave_no_copy(lab: Lab, subject: Subject) -> Finding:
    """The space counts, not the names: files that are deleted and still open take space too."""
    apps, contract = replicas(lab, subject), subject.contract
    before = _used(lab, apps)
    files = {_name(): secrets.token_hex(200_000).encode() for _ in apps}
    stored = sum(
        _kept(_upload(app, contract, name, content))
        for app, (name, content) in zip(apps, files.items(), strict=True)
    )
    _whole(apps, contract, files)
    pairs = zip(before, _used(lab, apps), strict=True)
    grown = [None if was is None or now is None else now - was for was, now in pairs]
    clean = sum(kib is not None and kib <= MAY_GROW_KIB for kib in grown)
    return Finding(
        judged(clean == stored == REPLICAS),
        expected=f"{REPLICAS} of {REPLICAS} uploads are answered 2xx, and {REPLICAS} of {REPLICAS} "
        "replicas wrote no copy",
        seen=f"{stored} of {REPLICAS} uploads are answered 2xx, and {clean} of {REPLICAS} replicas "
        "wrote no copy",
        columns=("replica", "KiB written to its disk"),
        rows=[
            (number, "it had ended" if kib is None else max(0, kib))
            for number, kib in enumerate(grown, 1)
        ],
    )


def _used(lab: Lab, apps: Sequence[App]) -> list[int | None]:
    """For each replica, KiB in use in the places that it can write to; None when it has ended."""
    return lab.together(*(partial(used_kib, lab.net, app) for app in apps))
