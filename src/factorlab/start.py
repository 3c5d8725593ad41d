"""The first page: is the machine ready, what is there to learn, how far am I."""

from factorlab import course
from factorlab.display import CourseMap, Matrix, Table
from factorlab.display.course_map import BEGUN, NOT_BEGUN, PASSED, Stop, Tier
from factorlab.engine.machine import doctor as engine_doctor
from factorlab.exercises import answer_files
from factorlab.exercises import progress as kept
from factorlab.questions.spec import spec

FACETS = ("configurable", "deployable", "scalable", "observable")
"""What the manifesto's maintainers, in a draft, say that factors are good for."""
TEN_POINTS = (
    ("1 Config in environment", "III · 01", "cd"),
    ("2 Stateless processes", "VI · 02", "so"),
    ("3 Logs to stdout", "XI · 06", "o"),
    ("4 Graceful shutdown", "IX · 05", "ds"),
    ("5 Health checks", "H · 13", ""),
    ("6 Immutable deploys", "V · 09", "cd"),
    ("7 Backing services as URLs", "IV · 04", "cso"),
    ("8 Dev/prod parity via containers", "X · 03", "cd"),
    ("9 Horizontal scaling", "VIII · 11", "so"),
    ("10 Observability", "O · 14", ""),
    ("– Codebase", "I · 07", "d"),
    ("– Dependencies", "II · 08", "d"),
    ("– Port binding", "VII · 10", "so"),
    ("– Admin processes", "XII · 12", ""),
)
"""The article's ten points of a rewrite, and the four factors that it leaves out: the factor
behind each with its lesson, and its facets by their first letters (twelve-factor/twelve-factor, facets.md)."""


def doctor() -> Table:
    """What the course needs and what this machine has, with the remedy for what is missing."""
    lines = engine_doctor.examine()
    verdict = (
        "The course can run here."
        if engine_doctor.healthy(lines)
        else "The course cannot run here yet. You can read the lessons with their stored outputs."
    )
    rows = [(line.name, line.state, line.observed, line.remedy) for line in lines]
    return Table(("what", "state", "seen", "what to do"), rows, note=verdict)


def progress() -> CourseMap:
    """Every lesson and exercise in order, by tier: how far you are, how long each takes, and
    what is next."""
    tiers: dict[str, list[Stop]] = {}
    for lesson in course.lessons():
        states = {entry.id: exercise_state(entry.id) for entry in lesson.exercises}
        stops = tiers.setdefault(course.TIERS[lesson.tier], [])
        stops.append(Stop(lesson.name, lesson.title, _lesson_state(lesson, states), lesson.minutes))
        stops += [
            Stop(entry.id, entry.title, states[entry.id], entry.minutes, inside=True)
            for entry in lesson.exercises
        ]
    exercises = [stop for stops in tiers.values() for stop in stops if stop.inside]
    passed = sum(stop.state == PASSED for stop in exercises)
    caption = f"{passed} of {len(exercises)} exercises passed"
    return CourseMap([Tier(title, stops) for title, stops in tiers.items()], caption, _next())


def ten_points() -> Matrix:
    """The ten points of a rewrite as a map over the lessons, with the manifesto's facets across."""
    words = {
        f"{point} ({where})": {
            facet: "part of it" if facet[0] in facets else "–" for facet in FACETS
        }
        for point, where, facets in TEN_POINTS
    }
    return Matrix("Ten points, and four that are left out", words, "point (factor · lesson)")


def exercise_state(id: str) -> str:
    """`passed`, `2 of 5 tasks`, `begun` or `not begun`, from the learner's own files."""
    tasks, state = spec(id).tasks, kept.read(id)
    passed = sum(state.outcomes.get(task.id) == "passed" for task in tasks)
    if passed == len(tasks):
        return PASSED
    if passed:
        return f"{passed} of {len(tasks)} tasks"
    begun = (
        state.outcomes
        or state.hints
        or not answer_files.untouched(answer_files.load(id), course.starter(id))
    )
    return BEGUN if begun else NOT_BEGUN


def _lesson_state(lesson: course.Lesson, states: dict[str, str]) -> str:
    passed = sum(state == PASSED for state in states.values())
    if states and passed == len(states):
        return PASSED
    if passed:
        return f"{passed} of {len(states)} exercises"
    begun = course.begun(lesson.name) or any(state != NOT_BEGUN for state in states.values())
    return BEGUN if begun else NOT_BEGUN


def _next() -> str:
    """The first exercise that is not passed, after its lesson where that is not begun yet."""
    for lesson in course.lessons():
        states = {entry.id: exercise_state(entry.id) for entry in lesson.exercises}
        for entry in lesson.exercises:
            if states[entry.id] == PASSED:
                continue
            where = f"{entry.id} ({entry.title}) in exercises/{lesson.name}.ipynb"
            if _lesson_state(lesson, states) == NOT_BEGUN:
                return f"read notebooks/{lesson.name}.ipynb, then do {where}."
            return f"do {where}."
    return "nothing is left. Every exercise is passed."
