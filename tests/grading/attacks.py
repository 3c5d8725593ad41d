"""All attacks with their outcomes, as the table in docs/SECURITY.md.

`python tests/grading/attacks.py` writes it there.
"""

import re
from pathlib import Path

from adversaries import ADVERSARIES, AT_MOST_HONEST, HONEST, NO_POINT, NOTHING
from forged import FILES, SIDE_FILES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "SECURITY.md"
MARKED = re.compile(r"(<!-- attacks -->\n)(.*?)(<!-- /attacks -->)", re.S)
WORDS = [
    (HONEST, "the 1 point of its honest part"),
    (NOTHING, "0 points: `error`, it does not start"),
    (NO_POINT, "0 points: `failed` or `error`"),
    (AT_MOST_HONEST, "at most the 1 point of its honest part"),
]
ONLY_TEXT = "only the `%%answer` text is graded"
COLLECT, GRADEBOOK = "tests/unit/grading/test_collect.py", "tests/unit/grading/test_gradebook.py"
BATCH = "tests/unit/grading/test_batch.py"
ELSEWHERE = {
    "looking for another learner's lab": (
        "no way there",
        "tests/engine/test_isolation.py",
        "test_two_labs_of_the_same_lesson_do_not_see_each_other",
    ),
    "a zip whose paths lead out of it": (
        "refused, and said on the page",
        COLLECT,
        "test_no_path_of_a_zip_leads_anywhere",
    ),
    "links in a folder": ("not followed, and said", COLLECT, "test_links_are_not_followed"),
    "links in a zip": ("not followed, and said", COLLECT, "test_a_link_in_a_zip_is_not_followed"),
    "a zip that unpacks to too much": (
        "not unpacked, and said",
        COLLECT,
        "test_a_zip_that_unpacks_to_too_much_is_not_unpacked",
    ),
    "many small zips that unpack to too much together": (
        "no more is unpacked, and said",
        COLLECT,
        "test_many_small_zips_of_one_hand_in_have_one_budget",
    ),
    "a zip in a zip in a zip": (
        "not opened, and said",
        COLLECT,
        "test_a_zip_in_a_zip_in_a_zip_is_enough",
    ),
    "half a zip": (
        "`error`, and the rest of the class is graded",
        COLLECT,
        "test_a_broken_zip_is_said",
    ),
    "bytes that changed inside a zip": (
        "that file is not read, and said; the rest of the class is graded",
        COLLECT,
        "test_bytes_that_changed_inside_a_zip_are_said",
    ),
    "an old format, no JSON, other encodings, 100,000 brackets": (
        "`error`, and the rest of the class is graded",
        COLLECT,
        "test_a_broken_notebook_has_a_row_with_the_reason",
    ),
    "a byte order mark": (
        "read as if it were not there",
        COLLECT,
        "test_a_byte_order_mark_and_windows_line_ends_are_read",
    ),
    "an answer called `../../x`": (
        "that cell is refused, the others count",
        COLLECT,
        "test_a_wrong_name_costs_only_its_own_cell",
    ),
    "the course's solutions, handed in along with the answer": (
        "not read",
        COLLECT,
        "test_the_courses_own_answers_are_nobodys",
    ),
    "a name that is HTML, or holds terminal codes": (
        "escaped everywhere",
        GRADEBOOK,
        "test_pages_escape_what_others_wrote",
    ),
    "a name that is a path": (
        "its page stays in `feedback/`",
        GRADEBOOK,
        "test_a_learners_file_stays_in_its_folder",
    ),
    "a name that is a spreadsheet's formula": (
        "quoted",
        GRADEBOOK,
        "test_a_spreadsheet_gets_no_formula",
    ),
    "cells moved, copied or left out": (
        "the same rows",
        BATCH,
        "test_results_are_known_by_exercise_and_task_wherever_a_cell_stands",
    ),
    "handing in the same again until luck helps": (
        "what is unchanged is not judged again",
        BATCH,
        "test_what_is_unchanged_is_not_judged_again",
    ),
    "a `df` of its own, which says that nothing was written": (
        "not asked: the disk is measured from beside",
        "tests/engine/test_isolation.py",
        "test_what_an_app_has_written_is_seen_whatever_its_programs_say",
    ),
    "making a check itself fail": (
        "`environment`: no grade, and the others go on",
        BATCH,
        "test_a_fault_of_ours_is_no_grade_and_stops_nobody",
    ),
}
"""attack -> outcome, and the test that proves it."""


def outcome(expected: tuple[set[str], ...]) -> str:
    """The words for what an answer in a container may get."""
    return next(words for known, words in WORDS if known == expected)


def table() -> str:
    """Lines of Markdown."""
    rows = [(f"an app that {one.tries}", outcome(one.expected)) for one in ADVERSARIES.values()]
    rows += [(f"a notebook: {tries}", ONLY_TEXT) for tries in FILES]
    beside = ", ".join(f"`{name}`" for name in SIDE_FILES)
    rows += [(f"files beside the notebook: {beside}", "not read, not imported, not run")]
    rows += [(attack, words) for attack, (words, *_) in ELSEWHERE.items()]
    lines = ["| attack | outcome |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(MARKED.sub(lambda m: m[1] + table() + m[3], PAGE.read_text()))
