"""What a RUN line of somebody else's Dockerfile may do: run as an app does, with ceilings, reach the
lab's package index and nothing else, and leave nothing but its layer."""

import json
import socket

import psutil
import pytest
from on_engine import left

from factorlab.engine.build import run_steps
from factorlab.engine.build.dockerfile import STRICT
from factorlab.engine.build.run_steps import STEP_SECONDS
from factorlab.engine.cleanup import labels
from factorlab.engine.connection import connect
from factorlab.errors import NotStarted, Refused
from factorlab.factors.ii_dependencies.acme import MONDAY
from factorlab.lab import Lab

pytestmark = pytest.mark.engine

BASE = "FROM factorlab/python:3.11\n"
LOOK = """
import json, socket, sys
def reaches(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
        return True
    except OSError:
        return False
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
places = json.load(open("places.json"))
json.dump({
    "rights": [status[name].strip() for name in ("CapPrm", "CapEff", "CapBnd", "NoNewPrivs")],
    "reached": [place for place in places if reaches(*place)],
}, open("seen.json", "w"))
"""


@pytest.fixture(scope="module")
def lab():
    with Lab("exercise-II-1", untrusted=True) as lab:
        lab.index(MONDAY)
        yield lab


def built(lab, dockerfile, **options):
    return lab.build("answer", {"Dockerfile": BASE + dockerfile}, **options)


def config_of(image):
    return connect().api.inspect_image(getattr(image, "id", image))["Config"]


def containers_of_steps(lab):
    found = left(f"{labels.SESSION}={lab.session.id}", f"{labels.ROLE}=build step")
    return [one for one in found if one.startswith("container")]


def shown(lab, image, *command):
    """What a command prints in a container of the image."""
    app = lab.deploy(image, "look", wait=False)
    try:
        return app.exec(*command)[1]
    finally:
        app.remove()


def test_a_step_has_no_rights_and_reaches_the_index_of_its_lab_only(lab):
    network = connect().networks.get(lab.network).attrs
    hosts = {config["Gateway"] for config in network["IPAM"]["Config"] if config.get("Gateway")}
    hosts |= {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    }
    with (
        socket.create_server(("0.0.0.0", 0)) as server,
        Lab("exercise-II-2", untrusted=True) as other,
    ):
        port = server.getsockname()[1]
        theirs = other.index(MONDAY)
        places = [(host, port) for host in sorted(hosts)]
        places += [("index", 8000), (theirs._container.address(other.network), 8000)]
        places += [("1.1.1.1", 443), ("example.org", 80), ("host.docker.internal", port)]
        image = lab.build(
            "answer",
            {
                "Dockerfile": (
                    BASE + "COPY look.py places.json ./\nUSER root\nRUN python look.py\n"
                    'USER app\nCMD ["sleep", "60"]\n'
                ).encode(),
                "look.py": LOOK.encode(),
                "places.json": json.dumps(places).encode(),
            },
        )
    seen = json.loads(shown(lab, image, "cat", "seen.json"))
    assert seen["rights"] == ["0" * 16, "0" * 16, "0" * 16, "1"]
    assert seen["reached"] == [["index", 8000]]


def test_a_step_has_ceilings_like_an_app(lab, monkeypatch):
    kept = []
    monkeypatch.setattr(
        run_steps.Steps, "_watch", lambda self, container, *rest: kept.append(container.inspect())
    )
    built(lab, "RUN true\n")
    host = kept[0]["HostConfig"]
    assert host["Memory"] == host["MemorySwap"] <= 512 * 2**20
    assert 0 < host["PidsLimit"] <= 128 and 0 < host["NanoCpus"] <= 1e9
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"] and not host["Privileged"]
    assert not host["Binds"] and not host["Devices"] and not kept[0]["Mounts"]
    assert host["NetworkMode"] == lab.network


def test_what_a_step_installs_is_in_the_image_and_what_it_was_lent_is_not(lab):
    image = built(
        lab,
        "ENV GREETING=hello\nWORKDIR /srv\nUSER root\nRUN pip install acme-shop && \\\n"
        '    echo "$GREETING" > word\nUSER app\nENTRYPOINT ["sleep"]\nRUN ["touch", "/home/app/made"]\n'
        'CMD ["60"]\n',
    )
    record = connect().api.inspect_image(image.id)
    assert record["Config"]["Entrypoint"] == ["sleep"] and record["Config"]["Cmd"] == ["60"]
    assert record["Config"]["User"] == "app" and record["Config"]["WorkingDir"] == "/srv"
    assert not any("INDEX_URL" in line for line in record["Config"]["Env"])
    assert shown(lab, image, "cat", "word", "/home/app/made") == "hello\n"
    total = shown(lab, image, "python", "-c", "import acme_shop; print(acme_shop.total(10))")
    assert total == "12.0\n"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("exit 3", "ended with exit code 3"),
        ("head -c 60000000 /dev/zero > /tmp/big", "wrote more than 20 MB"),
        ("while head -c 9000000 /dev/zero > /tmp/$((n = n + 1)); do :; done", "more than 20 MB"),
        ("sleep 60", "did not end within 3 s"),
        ("python -c \"x = b'x' * 2**30\"", "memory"),
        (
            "python -c 'import os, signal; [os.fork() or signal.pause() for _ in range(200)]'",
            "exit code 1",
        ),
    ],
    ids=["fails", "large file", "many files", "too long", "memory", "processes"],
)
def test_a_step_that_fails_or_is_too_much_ends_and_leaves_nothing(lab, monkeypatch, step, words):
    monkeypatch.setattr(run_steps, "STEP_SECONDS", 3 if step.endswith("60") else STEP_SECONDS)
    monkeypatch.setattr(run_steps, "STEP_MIB", 20)
    with pytest.raises(NotStarted) as ended:
        built(lab, f"RUN {step}\n")
    assert words in ended.value.what and "line 2 of the Dockerfile" in ended.value.what
    assert containers_of_steps(lab) == []
    assert connect().ping() and lab.alive


def test_a_step_is_run_again_unless_its_layer_may_be_used_again(lab):
    files = {"Dockerfile": (BASE + "RUN head -c 9 /dev/urandom > /tmp/word\n").encode()}
    first = lab.build("answer", files)
    assert lab.build("answer", files, cached=True).id == first.id
    assert lab.build("answer", files).id != first.id


def test_run_is_refused_where_the_exercise_is_not_about_it():
    with Lab("exercise-III-1", untrusted=True) as lab, pytest.raises(Refused, match="RUN"):
        built(lab, "RUN true\n")
    assert STRICT.more == frozenset()


STAYS = 'CMD ["sleep", "60"]\n'


@pytest.mark.parametrize(
    ("before", "entrypoint", "command"),
    [
        ("", None, ["python"]),
        (STAYS, None, ["sleep", "60"]),
        ('ENTRYPOINT ["sleep"]\n', ["sleep"], []),
        ("CMD []\n", None, [""]),
    ],
    ids=["of the base", "command", "entry point", "none"],
)
def test_an_image_starts_as_it_did_before_the_step(lab, before, entrypoint, command):
    config = config_of(built(lab, f"{before}ARG REVISION=7\nRUN true\nRUN true\n"))
    assert (config["Entrypoint"], config["Cmd"]) == (entrypoint, command)


WRITES = 'RUN echo "${REVISION-unset},${GREETING-unset},${LATER-unset}" >> /var/tmp/seen\n'
SEEN = ("cat", "/var/tmp/seen")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, "unset,hello you,unset\n"),
        ({"REVISION": "1.2 b"}, "1.2 b,hello you,unset\n"),
        ({"REVISION": "", "GREETING": "'$WHO\"", "LATER": "3"}, "unset,'$WHO\",unset\n"),
    ],
    ids=["default", "given", "given for the default"],
)
def test_a_step_sees_the_build_arguments_declared_before_it(lab, given, seen):
    dockerfile = f'ENV WHO=you\nARG REVISION GREETING="hello ${{WHO:-me}}"\n{WRITES}ARG LATER=4\n'
    assert shown(lab, built(lab, dockerfile + STAYS, args=given), *SEEN) == seen


def test_an_argument_lasts_beyond_a_step_and_gets_into_no_image(lab):
    revision, greeting = 'a "b" \\ $WHO \' # 7', 'a "b" \\ $WHO'
    image = built(
        lab,
        f"ARG REVISION\nARG GREETING='{greeting}'\n{WRITES}{WRITES}WORKDIR /srv\nARG LATER=4\n"
        f'{WRITES}LABEL revision=$REVISION greeting="$GREETING"\n{STAYS}',
        args={"REVISION": revision},
    )
    seen = f"{revision},{greeting},"
    assert shown(lab, image, *SEEN) == f"{seen}unset\n{seen}unset\n{seen}4\n"
    config = config_of(image)
    assert (config["Labels"]["revision"], config["Labels"]["greeting"]) == (revision, greeting)
    assert config["Env"] == config_of("factorlab/python:3.11")["Env"]
    images = connect().api.images(filters={"label": f"{labels.SESSION}={lab.session.id}"})
    assert not [tag for one in images for tag in one["RepoTags"] or [] if "-args-" in tag]


def test_a_default_means_what_it_meant_at_its_line(lab):
    image = built(
        lab,
        f"ENV WHO=you\nARG GREETING=$WHO\nENV WHO=me\n{WRITES}LABEL greeting=$GREETING\n"
        f"ARG GREETING=again\n{WRITES}{STAYS}",
    )
    assert shown(lab, image, *SEEN) == "unset,you,unset\nunset,again,unset\n"
    assert config_of(image)["Labels"]["greeting"] == "you"


@pytest.mark.parametrize(
    "before", ["ARG REVISION=1\nENV REVISION=2\n", "ENV REVISION=2\nARG REVISION\n"], ids=repr
)
def test_an_env_goes_before_an_argument_of_the_same_name(lab, before):
    dockerfile = f"{before}{WRITES}LABEL revision=$REVISION\n{STAYS}"
    image = built(lab, dockerfile, args={"REVISION": "3"})
    assert shown(lab, image, *SEEN) == "2,unset,unset\n"
    assert config_of(image)["Labels"]["revision"] == "2"


def test_no_argument_leads_a_step_away_from_the_index_of_its_lab(lab):
    names = ("PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_INDEX_URL")
    elsewhere = dict.fromkeys(names, "http://127.0.0.1:9")
    declared = "".join(f"ARG {name}\n" for name in names)
    built(lab, f"{declared}USER root\nRUN pip install acme-shop\n", args=elsewhere)


def test_a_layer_is_used_again_for_the_same_arguments_only(lab):
    dockerfile = "ARG REVISION\nRUN head -c 9 /dev/urandom > /tmp/word\n"
    ids = [
        built(lab, dockerfile, cached=True, args={"REVISION": value}).id
        for value in ("1", "2", "1")
    ]
    assert ids[0] == ids[2] != ids[1]
