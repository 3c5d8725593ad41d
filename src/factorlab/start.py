"""The first page: is the machine ready, what is there to learn, how far am I."""

from factorlab import course
from factorlab.display import Table
from factorlab.engine import doctor as engine_doctor
from factorlab.exercises import progress as kept
from factorlab.exercises.spec import spec


def doctor() -> Table:
    """What the course needs and what this machine has, with the remedy for what is missing."""
    lines = engine_doctor.examine()
    verdict = (
        "The course can run here."
        if engine_doctor.healthy(lines)
        else "The course cannot run here yet. You can read the lessons with their stored outputs."
    )
    rows = [(line.name, line.state, line.seen, line.remedy) for line in lines]
    return Table(("what", "state", "seen", "what to do"), rows, note=verdict)


def progress() -> Table:
    """Every lesson and exercise in order, by tier, with what you have passed."""
    rows: list[tuple[str, str, str, str]] = []
    for lesson in course.lessons():
        tier = course.TIERS[lesson.tier]
        rows.append((lesson.name, lesson.title, tier, f"{lesson.minutes} min"))
        for entry in lesson.exercises:
            state = exercise_state(entry.id)
            rows.append((f"  {entry.id}", entry.title, state, f"{entry.minutes} min"))
    return Table(("lesson / exercise", "title", "tier / state", "time"), rows)


def exercise_state(id: str) -> str:
    """`passed`, `3 of 5 tasks passed` or `not begun`, from the learner's own file."""
    tasks = spec(id).tasks
    outcomes = kept.read(id).outcomes
    passed = sum(outcomes.get(task.id) == "passed" for task in tasks)
    if passed == len(tasks):
        return "passed"
    return f"{passed} of {len(tasks)} tasks passed" if outcomes else "not begun"
