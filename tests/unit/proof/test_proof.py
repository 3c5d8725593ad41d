"""The proof's own rules: every test has one part, shards miss nothing and repeat nothing, and what
`make test` proves follows from the change."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from proof import plan as plans
from proof import session
from proof.__main__ import main, shard
from proof.changes import Changes
from proof.parts import FACTORS, FLOOR, PARTS, folders_of, part_of
from proof.session import Session
from proof.touched import touched

from factorlab import course

ROOT = Path(__file__).resolve().parents[3]
SECONDS = dict.fromkeys(PARTS, 60.0)


LOOK = """if True:
    import json, sys
    import pytest
    from proof import durations
    from proof.parts import part_of
    from proof.plugin import wanted
    from pytest_split.algorithms import Algorithms

    class Look:
        def pytest_collection_finish(self, session):
            items = session.items
            rows = [(part_of(item), item.get_closest_marker("floor") is not None, item.nodeid)
                    for item in items]
            groups = Algorithms["duration_based_chunks"].value(3, items, durations.read())
            session.config.option.part = ["ix", "audit"]
            chosen = [item.nodeid for item in items if wanted(item, session.config)]
            shards = [[item.nodeid for item in group.selected] for group in groups]
            print("SEEN", json.dumps([rows, shards, chosen]))

    sys.exit(pytest.main(["--collect-only", "-qq", "tests"], plugins=[Look()]))"""


@pytest.fixture(scope="module")
def seen():
    """All tests as (part, floor, id); the ids of three shards; the ids of two parts."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    ran = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, env=env, check=False
    )
    found = [line for line in ran.stdout.splitlines() if line.startswith("SEEN ")]
    assert found, ran.stdout[-2000:] + ran.stderr[-2000:]
    return json.loads(found[0].removeprefix("SEEN "))


@pytest.fixture(scope="module")
def everything(seen):
    return seen[0]


def test_every_part_has_tests_and_every_factor_has_its_lesson_and_answers(everything):
    sizes = Counter(part for part, _, _ in everything)
    assert set(sizes) == set(PARTS)
    for lesson in course.lessons():
        part = [id for name, _, id in everything if name == (lesson.factor or lesson.tier).lower()]
        assert any(f"test_a_lesson_says_what_happens_today[{lesson.name}]" in id for id in part)
        for entry in lesson.exercises:
            assert any(f"deserves[{entry.id}/right-" in id for id in part), entry.id
            assert any(f"deserves[{entry.id}/wrong-" in id for id in part), entry.id


def test_a_part_is_all_tests_that_say_so(seen):
    rows, _, chosen = seen
    assert chosen == [id for part, _, id in rows if part in ("ix", "audit")]


def test_the_shards_are_all_tests_each_once(seen):
    rows, shards, _ = seen
    assert Counter(id for shard in shards for id in shard) == Counter(id for _, _, id in rows)
    assert len({id for _, _, id in rows}) == len(rows)
    assert [id for _, _, id in rows if str(ROOT) in id] == [], "no shard is alike on two machines"
    assert all(shards)


def test_every_test_lies_where_its_part_is_collected(everything):
    assert [id for part, _, id in everything if not id.startswith(folders_of(part))] == []


def test_the_floor_has_isolation_clean_up_an_audit_a_class_and_a_page(everything):
    floor = " ".join(id for _, floor, id in everything if floor)
    for place in ("test_isolation", "test_cleanup", "test_foreign", "test_adversaries", "browser/"):
        assert place in floor


def test_a_test_without_a_part_is_refused(tmp_path):
    class Stray:
        nodeid = "tests/elsewhere/test_x.py::test_y"

        def get_closest_marker(self, name):
            return None

    assert part_of(Stray()) is None


def of(*files):
    found = touched(files)
    return found.parts, bool(found.everything)


def test_what_belongs_to_a_lesson_touches_its_factor():
    assert of("notebooks/05-disposability.ipynb") == ({"ix"}, False)
    assert of("apps/05-disposability/good/app.py") == ({"ix"}, False)
    assert of("solutions/12-admin-processes.ipynb") == ({"xii"}, False)
    assert of("tests/answers/OWN-1/right-x/app.py") == ({"own"}, False)
    assert of("tests/answers/X-1.toml") == ({"x"}, False)
    assert of("README.md", "docs/STYLE.md") == (set(), False)


def test_a_check_touches_the_lessons_exercises_and_audits_that_ask_it():
    parts, everywhere = of("src/factorlab/factors/viii_concurrency/connection_budget.py")
    assert (parts, everywhere) == ({"viii"}, False)
    parts, everywhere = of("src/factorlab/factors/vi_processes/sessions.py")
    assert {"vi", "audit"} <= parts and not everywhere


def test_an_exercise_touches_its_factor_and_no_other():
    assert of("src/factorlab/factors/x_parity/exercises.py") == ({"x"}, False)


def test_what_all_stand_on_touches_everything():
    for file in (
        "src/factorlab/lab/apps/app.py",
        "src/factorlab/engine/container/container.py",
        "course.toml",
        "images/python/requirements.txt",
        "tests/conftest.py",
    ):
        assert touched([file]).everything == [file]


def test_a_changed_test_is_run_and_a_helper_runs_what_stands_beside_it():
    assert touched(["tests/engine/test_router.py"]).tests == {"tests/engine/test_router.py"}
    assert touched(["tests/answers/key.py"]).tests == {"tests/answers/test_answers.py"}
    assert touched(["tests/engine/test_gone.py"]).tests == set()
    assert of("tests/audit/forms.py") == ({"audit"}, False)


def planned(*files, commits=0, seconds=SECONDS):
    changed = Changes(tuple(files), "since HEAD")
    return plans.plan(changed, touched(files), commits, seconds)


def test_the_floor_and_two_parts_in_turn_are_always_proved():
    found = planned("README.md")
    assert [part for part in FLOOR if part not in found.parts] == []
    assert len(found.parts) == len(FLOOR) + 2
    assert found.owed == {} and "make prove PART=" in plans.after(found)


def test_after_as_many_commits_as_there_are_pairs_every_part_had_its_turn():
    pairs = plans.turns(SECONDS)
    proved = {part for n in range(len(pairs)) for part in planned(commits=n).parts}
    assert proved == set(PARTS)


def test_what_is_touched_is_proved_as_far_as_the_time_allows_and_else_owed():
    few = planned("notebooks/05-disposability.ipynb")
    assert few.parts["ix"] == "touched by the change" or few.parts["ix"].startswith("its turn")
    long = {**SECONDS, "ix": plans.BUDGET_SECONDS}
    other = next(n for n in range(20) if "ix" not in plans.turns(long)[n % len(plans.turns(long))])
    none = planned("notebooks/05-disposability.ipynb", commits=other, seconds=long)
    assert "ix" not in none.parts
    assert "make prove PART=ix" in plans.after(none)


def test_a_change_that_reaches_everything_owes_the_whole_proof():
    found = planned("src/factorlab/engine/container/container.py")
    assert set(found.owed) == set(found.left)
    assert "`make prove` is owed" in plans.after(found)
    assert "src/factorlab/engine/container/container.py" in plans.after(found)
    all_lessons = [f"notebooks/{lesson.name}.ipynb" for lesson in course.lessons()]
    assert set(planned(*all_lessons).owed) == set(planned(*all_lessons).left)


def test_the_words_at_the_start_say_since_when_what_and_why():
    words = plans.before(planned("notebooks/05-disposability.ipynb"))
    assert "since HEAD: 1 files" in words
    assert all(part in words for part in FLOOR)


def test_a_shard_is_read_and_a_wrong_one_is_refused(capsys):
    assert shard("2/8") == (2, 8)
    for wrong in ("0/8", "9/8", "2", "a/b"):
        with pytest.raises(SystemExit):
            main(["prove", "--shard", wrong])
    assert "write one as 2/8" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["prove", "--part", "xiii"])


def test_what_is_left_on_the_engine_is_a_failure():
    assert Session(0).good and Session(5).good
    assert not Session(0, leftovers="a container").good
    assert not Session(1).good


def test_the_factors_are_in_the_order_of_the_lessons():
    assert list(FACTORS)[:4] == ["start", "iii", "vi", "x"]


def test_a_make_that_a_test_starts_is_told_nothing_by_the_make_that_proves(monkeypatch):
    monkeypatch.setenv("MAKEFLAGS", " -- PART=grading")
    monkeypatch.setenv("PART", "grading")
    monkeypatch.setenv("PYTHONPATH", "tests:/else")
    environment = session._environment()
    assert not {"MAKEFLAGS", "PART", "SHARD"} & environment.keys()
    assert environment["PYTHONPATH"] == "/else"
