"""The project's own workflow: its steps are run here as a runner does, in a copy with a few tests."""

import re
import shutil
import subprocess

import pytest
import yaml
from test_workflow import runner

from factorlab import course

FILE = ".github/workflows/proof.yml"
KEPT = (
    "conftest.py",
    "fakes.py",
    "proof",
    "unit/lab/apps/test_app.py",
    "unit/questions/test_races.py",
    "browser/install.py",
)
"""Of the tests: enough for two shards, none of which needs an engine."""
SHARDS = ("1/2", "2/2")


@pytest.fixture(scope="module")
def workflow():
    told = yaml.safe_load((course.root() / FILE).read_text(encoding="utf-8"))
    told["on"] = told.pop(True)  # YAML 1.1 reads the word as a truth value
    return told


def steps(workflow, job):
    return [step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step]


@pytest.fixture
def copy(tmp_path):
    """The course as git would commit it now, with a few tests only."""
    listed = ["git", "ls-files", "-co", "--exclude-standard"]
    files = subprocess.run(listed, cwd=course.root(), capture_output=True, text=True, check=True)
    for name in files.stdout.splitlines():
        source = course.root() / name
        of_tests = name.startswith("tests/") and not name[6:].startswith(KEPT)
        if source.is_file() and not of_tests:
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / "copy" / name)
    (tmp_path / "copy" / "tests" / "browser" / "install.py").write_text("")
    return tmp_path / "copy"


def run(script, folder, env):
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_a_push_runs_what_the_readme_says_and_nothing_else(workflow):
    assert "push" in workflow["on"]
    assert steps(workflow, "test") == ["make test"]


def test_every_night_all_shards_are_proved_and_all_is_kept(workflow):
    assert {"schedule", "release"} <= set(workflow["on"])
    job = workflow["jobs"]["prove"]
    shards = job["strategy"]["matrix"]["shard"]
    assert shards == list(range(1, 9))
    assert job["env"]["SHARD"] == f"${{{{ matrix.shard }}}}/{len(shards)}"
    kept = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    assert [step["if"] for step in kept] == ["always()"]


def test_every_action_is_pinned_to_a_commit():
    used = re.findall(r"uses: (\S+)", (course.root() / FILE).read_text(encoding="utf-8"))
    assert used and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in used)


@pytest.mark.engine
def test_the_steps_of_a_night_prove_their_shards_and_write_one_page(workflow, copy, tmp_path):
    env = runner(copy, tmp_path)
    for shard in SHARDS:
        for step in steps(workflow, "prove"):
            ran = run(step, copy, {**env, "SHARD": shard})
            assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    [step] = steps(workflow, "summary")
    ran = run(step, copy, env)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    page = (tmp_path / "summary.md").read_text(encoding="utf-8")
    for shard in SHARDS:
        name = f"shard-{shard.replace('/', '-of-')}"
        assert re.search(rf"\| {name} \| [1-9]\d* \| 0 \|", page), page
        assert (copy / "artifacts" / "proof" / f"{name}.durations.json").is_file()
    assert (copy / "artifacts" / "proof" / "durations.json").is_file()


@pytest.mark.engine
def test_a_shard_that_fails_makes_the_night_red(workflow, copy, tmp_path):
    env = runner(copy, tmp_path)
    broken = copy / "tests" / "unit" / "lab" / "apps" / "test_app.py"
    broken.write_text("def test_that_fails():\n    assert False\n")
    ran = [run(step, copy, {**env, "SHARD": "1/1"}) for step in steps(workflow, "prove")]
    assert any(one.returncode for one in ran)
    [step] = steps(workflow, "summary")
    assert run(step, copy, env).returncode
    assert "| 1 |" in (tmp_path / "summary.md").read_text(encoding="utf-8")
