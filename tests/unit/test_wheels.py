"""Packages of the course's own making: the same bytes everywhere, and locks that hold."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from answers.key import files as answered
from answers.key import names

from factorlab.course import starter
from factorlab.exercises.answer_files import lift
from factorlab.factors.ii_dependencies.acme import GZIP, LABEL, PAPER, SHOP, STALL, TAX, TOOLS
from factorlab.factors.ii_dependencies.lock_file import _newer
from factorlab.lab.services.wheels import Wheel, normal, release_of

ROOT = Path(__file__).resolve().parents[2]
LOCKED = dict(
    re.findall(
        r"^([\w.-]+)==([^\s;]+)", (ROOT / "images/python/requirements.txt").read_text(), re.M
    )
)
OURS = {wheel.name: wheel for wheel in (*STALL, *TOOLS)}


def texts():
    """Every list of packages in the lesson's apps, in right answers, starters and solutions."""
    found = {path: path.read_text() for path in ROOT.glob("apps/08-*/*/requirements.txt")}
    for name in names():
        if re.match("II-./right-", name):
            found |= {f"{name}/{file}": text for file, text in answered(name).items()}
    solution = lift(ROOT / "solutions/08-dependencies.ipynb")
    for exercise in ("II-1", "II-2"):
        for files in (starter(exercise), solution[exercise]):
            found[f"{exercise} {len(found)}"] = files["requirements.txt"]
    return found


def test_a_wheel_is_the_same_bytes_each_time_and_a_file_that_pip_can_read():
    wheel = Wheel("acme-x", "1.0", "def f():\n    pass\n", ("acme-tax>=1.0",), (("x", "f"),))
    assert wheel.content() == wheel.content()
    assert wheel.file == "acme_x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(io.BytesIO(wheel.content())) as archive:
        info = "acme_x-1.0.dist-info"
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            "acme_x.py",
            f"{info}/METADATA",
            f"{info}/WHEEL",
            f"{info}/RECORD",
            f"{info}/entry_points.txt",
        }
        assert "Requires-Dist: acme-tax>=1.0\n" in archive.read(f"{info}/METADATA").decode()
        assert len(archive.read(f"{info}/RECORD").decode().splitlines()) == 5


def test_names_and_versions_are_told_from_file_names():
    assert release_of("pydantic_core-2.50.5-cp311-cp311-any.whl") == ("pydantic-core", "2.50.5")
    assert normal("PyYAML") == "pyyaml" and normal("a._b") == "a-b"


@pytest.mark.parametrize(
    ("wheel", "starts"),
    [
        (TAX, "71a344e0"),
        (SHOP, "273d095a"),
        (LABEL, "95134f60"),
        (PAPER, "1e8ca3cc"),
        (GZIP, "5bcbbebd"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_hash_that_learners_have_written_down_goes_on_holding(wheel, starts):
    assert wheel.sha256().startswith(starts)


@pytest.mark.parametrize("name", texts(), ids=lambda value: "/".join(Path(value).parts[-3:]))
def test_what_our_lists_name_is_what_the_index_has(name):
    text = texts()[name]
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M):
        ours = OURS.get(package)
        assert version == (ours.version if ours else LOCKED[package]), package
    known = {wheel.sha256() for wheel in OURS.values()} | {"0123456789abcdef" * 4}
    assert set(re.findall(r"\b[0-9a-f]{64}\b", text)) <= known


@pytest.mark.parametrize("version", ["1.0", "2.0.0", "3", "2026.10.19.post1", "0.66b2", "4.0.0rc1"])
def test_a_newer_release_is_newer(version):
    from packaging.version import Version

    assert Version(_newer(version)) > Version(version)
