"""The environment is locked: exact versions, hashes, nothing that depends on one machine."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements.txt",
    "requirements-dev.txt",
    "images/python/requirements.txt",
    "tests/peers.txt",
)
LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^ ;]+)(?: *; *(.+?))? *\\?")
BESIDE = "-r requirements.txt"
"""The first line of the developers' lock, which holds only what the learners' has not."""
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    """Package -> version; every line is a pinned package or a hash of it."""
    found: dict[str, str] = {}
    hashes: dict[str, int] = {}
    package = ""
    for line in (ROOT / name).read_text().splitlines():
        if not line or line.startswith("#") or line == BESIDE:
            continue
        if line.startswith(" "):
            assert HASH.fullmatch(line), f"{name}: {line}"
            hashes[package] += 1
        else:
            match = LOCKED.fullmatch(line)
            assert match, f"{name}: {line}"
            package = canonical(match[1])
            found[package], hashes[package] = match[2], 0
    assert all(hashes.values()), (
        f"{name}: without a hash: {[p for p, n in hashes.items() if not n]}"
    )
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_pinned_and_hashed_and_names_no_address(name):
    assert locked(name)
    assert "://" not in (ROOT / name).read_text()


def test_developers_have_what_learners_have_and_no_pin_stands_twice():
    assert (ROOT / "requirements-dev.txt").read_text().startswith(BESIDE + "\n")
    assert not locked("requirements.txt").keys() & locked("requirements-dev.txt").keys()


def test_every_package_that_the_course_imports_is_declared():
    command = [sys.executable, "-m", "deptry", "--no-ansi", "src"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_dependency_of_the_package_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {canonical(re.split(r"[^\w.-]", text)[0]) for text in project["dependencies"]}
    assert wanted <= locked("requirements.txt").keys()
    extras = project["optional-dependencies"]
    tools = {canonical(re.split(r"[^\w.-]", text)[0]) for text in extras["test"]}
    assert tools <= locked("requirements-dev.txt").keys() | locked("requirements.txt").keys()


def test_the_conda_environment_installs_the_lock_on_python_3_11():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == "factor-lab"
    assert environment["channels"] == ["conda-forge"]
    packages = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    pip = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert "python=3.11" in packages and "pip" in packages
    assert [line.strip() for line in pip[0]] == ["-r requirements.txt"]
    assert (ROOT / "requirements.txt").is_file()


HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "index.docker" + ".io",
    "registry-1.docker" + ".io",
    "docker" + ".io/",
    "ghcr" + ".io",
    "quay" + ".io",
    "gcr" + ".io",
    "deb.debian" + ".org",
    "anaconda" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "artifact" + "ory",
    "nexus" + ".",
)
HERE = re.compile(r"(?<![\w.}~)-])/(?:work|root)/\w")


def committed() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy has no git history: only committed files are looked at")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_committed_file_names_a_package_registry_or_a_path_of_one_machine():
    found = []
    for name in committed():
        text = (ROOT / name).read_bytes().decode(errors="replace")
        found += [f"{name}: {host}" for host in HOSTS if host in text.lower()]
        found += [f"{name}: {match[0]}" for match in HERE.finditer(text)]
    assert not found


def test_no_committed_file_is_large_or_a_link():
    for name in committed():
        assert not (ROOT / name).is_symlink(), name
        assert (ROOT / name).stat().st_size < 2_000_000, name
