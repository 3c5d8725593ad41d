"""Plots: the picture, its alternative text and its text twin say the same, the same data gives
the same bytes, and a learner's own plots stay as they are."""

import base64
import gc
import hashlib
import html
import itertools
import os
import re
import subprocess
import sys
import warnings

import pytest

from factorlab.display import Bars, Event, Lines, Matrix, Score, Span, Timeline
from factorlab.display.plot import JUDGED, LOOKS, SMALL, TEXT, breadth, fitted, number
from factorlab.display.shown import INK, MUTED, PAPER, WAIT

NASTY = (
    "<script>alert(\"1\")</script> $PORT & $x^2$ 'quotes' \x1b[31mred\x1b[0m\x00 \u202eevil 漢字"
)


def bars() -> Bars:
    counts = {
        "bad": {"before the kill": 120, "after the kill": 52},
        "good": {"before the kill": 120, "after the kill": None},
    }
    return Bars("Sessions that are still valid", counts, "sessions", of=120, note="One ask each.")


def lines() -> Lines:
    slow = [(0.0, 12.5), (5.0, 2000.0), (6.0, None), (15.0, 13.25)]
    return Lines(
        "Latency while Redis is paused",
        {"no timeout": slow, "timeout": [(0.0, 11.0), (15.0, 14.0)]},
        "time (s)",
        "latency (ms)",
        [Span(5, 14.5, "paused")],
        ideal=[(0, 10), (15, 10)],
    )


def many() -> Lines:
    points = [(i / 10, float("nan") if i == 50 else 10.0 + i % 7) for i in range(200)]
    return Lines("Latency", {"all": points}, "time (s)", "latency (ms)", log=True)


def matrix() -> Matrix:
    words = {
        "order of NULLs": {"SQLite": "works", "PostgreSQL": "differs"},
        "a text in a number": {"SQLite": "works", "PostgreSQL": "error"},
        "two writers": {"SQLite": "locked"},
    }
    return Matrix("The same test with each database", words, "test")


def timeline() -> Timeline:
    lanes = {
        "replica-1": [Span(0, 1.2, "starting"), Span(1.2, 9, "ready"), Event(9, "SIGTERM")],
        "router": [Event(9.25, "replica-1 out"), Event(9.3, "replica-2 in")],
    }
    return Timeline("A rolling restart", lanes)


def score() -> Score:
    results = {
        "III · Config": {"Could you publish it?": "passed", "Is it named?": "failed"},
        "O · Observability": {"Does a trace go on?": "not tested", "skipped": "skipped"},
    }
    return Score("All questions", results)


PLOTS = {
    "bars": bars,
    "lines": lines,
    "many": many,
    "matrix": matrix,
    "score": score,
    "timeline": timeline,
}
EMPTY = {
    "bars": Bars("Empty", {}, "sessions"),
    "bars without series": Bars("Empty", {"bad": {}}, "sessions"),
    "lines": Lines("Empty", {"bad": []}, "s", "ms"),
    "matrix": Matrix("Empty", {"test": {}}),
    "timeline": Timeline("Empty", {"replica-1": []}),
}
ODD = {
    "bars": Bars(NASTY, {NASTY: {NASTY: 1}}, NASTY, of=0, note=NASTY),
    "lines": Lines(
        NASTY, {NASTY: [(1, 2)], "none": [(1, None)]}, NASTY, NASTY, [Span(1, 2, NASTY)]
    ),
    "matrix": Matrix(NASTY, {NASTY: {NASTY: NASTY}}, NASTY, NASTY),
    "timeline": Timeline(NASTY, {NASTY: [Event(1, NASTY), Span(1, 2, NASTY)]}, NASTY, NASTY),
}


def picture(shown) -> str:
    """The vector picture inside the HTML."""
    code = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown.to_html())[1]
    return base64.b64decode(code).decode()


def written(shown) -> list[str]:
    """The texts that are drawn, as matplotlib notes them before their outlines."""
    return [html.unescape(text) for text in re.findall(r"<!-- (.*?) -->", picture(shown), re.S)]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,.]*\d|\d", text))


@pytest.mark.parametrize("make", PLOTS.values(), ids=PLOTS)
def test_the_alternative_text_and_the_text_twin_have_the_same_numbers(make):
    shown = make()
    assert numbers(shown.alt()) <= numbers(shown.to_text())
    assert shown.title in shown.alt()
    assert shown.to_text().startswith(shown.title)
    assert f'alt="{html.escape(shown.alt(), quote=True)}"' in shown.to_html()


@pytest.mark.parametrize("make", [bars, matrix, timeline])
def test_the_alternative_text_leaves_no_number_out(make):
    assert numbers(make().alt()) == numbers(make().to_text())


@pytest.mark.parametrize("make", PLOTS.values(), ids=PLOTS)
def test_a_notebook_gets_a_picture_a_table_and_the_text_twin(make):
    shown = make()
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == shown.to_text() == str(shown)
    assert "<details>" in bundle["text/html"]
    assert "<table" in bundle["text/html"]
    assert picture(shown).count("<svg") == 1
    assert len(bundle["text/html"]) < 150_000


def test_bars_say_their_counts():
    told = written(bars())
    assert "52 of 120 (43%)" in told
    assert told.count("120 of 120 (100%)") == 2
    assert {"bad", "good", "before the kill", "after the kill", "not measured"} <= set(told)
    assert "sessions (of 120)" in told
    assert "52 of 120 (43%)" in bars().to_text()


def test_bars_of_one_series_are_named_by_their_groups():
    told = written(Bars("Lost orders", {"bad": {"lost": 3}, "good": {"lost": 0}}, "orders"))
    assert {"bad", "good", "3", "0", "lost: orders"} <= set(told)


def test_a_word_of_a_heading_is_broken_only_where_it_is_too_wide_alone():
    assert fitted("from somewhere", 90) == "from\nsomewhere"
    assert all(breadth(line) <= 60 for line in fitted("x" * 40, 60).split("\n"))


def test_lines_carry_their_names_and_spans_theirs():
    told = written(lines())
    assert {"● no timeout", "■ timeout", "ideal", "paused", "time (s)", "latency (ms)"} <= set(told)
    text = lines().to_text()
    assert "2,000" in text
    assert "paused: from 5 to 14.5" in text
    assert "1 without a value" in text


def test_many_points_become_stretches_and_none_is_lost_from_the_extremes():
    text = many().to_text()
    assert len(text.splitlines()) < 30
    assert "highest 16 at 0.6" in text
    assert "10 to 16" in text
    assert "1 without a value" in text
    assert "each row: lowest to highest" in many().to_html().partition("<details>")[2]


def test_a_note_stands_once_below_the_plot():
    assert bars().to_html().count("One ask each.") == 1
    assert bars().to_text().endswith("One ask each.")


def test_each_cell_of_a_matrix_has_its_word():
    told = written(matrix())
    assert {"✓ works", "✗ error", "≠ differs", "locked", "–"} <= {each.strip() for each in told}
    assert "two writers" in matrix().alt()


def test_a_timeline_names_lanes_spans_and_events():
    told = written(timeline())
    assert {"replica-1", "router", "starting", "ready", "SIGTERM", "replica-2 in"} <= set(told)
    assert "starting from 0 to 1.2" in timeline().alt()
    assert "SIGTERM at 9" in timeline().alt()


@pytest.mark.parametrize("shown", EMPTY.values(), ids=EMPTY)
def test_nothing_to_plot_is_said(shown):
    for form in shown._repr_mimebundle_().values():
        assert "Nothing to plot" in form
        assert "<img" not in form


@pytest.mark.parametrize("shown", ODD.values(), ids=ODD)
def test_labels_are_neither_markup_nor_formulas_and_nothing_is_said_on_the_side(shown):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = shown.to_html()
    assert "<script" not in page.lower()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", page + shown.to_text())
    assert "$PORT" in shown.to_text()
    assert "<script" not in re.sub(r"<!--.*?-->", "", picture(shown), flags=re.S)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", picture(shown))


def test_the_same_data_gives_the_same_bytes_in_another_process_with_other_settings(tmp_path):
    code = f"""if True:
        import sys, hashlib, importlib.util
        import matplotlib; matplotlib.rcParams["font.size"] = 30
        matplotlib.rcParams["axes.facecolor"] = "red"
        spec = importlib.util.spec_from_file_location("plots", {__file__!r})
        plots = importlib.util.module_from_spec(spec); spec.loader.exec_module(plots)
        for make in reversed(plots.PLOTS.values()):
            print(hashlib.sha256(make().to_html().encode()).hexdigest())"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PYTHONHASHSEED": "7",
            "MPLCONFIGDIR": str(tmp_path),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        },
    )
    here = [hashlib.sha256(make().to_html().encode()).hexdigest() for make in PLOTS.values()]
    assert run.stdout.split() == here[::-1]
    assert not run.stderr


def test_a_learners_own_plots_stay_as_they_are():
    code = f"""if True:
        import sys, importlib.util
        spec = importlib.util.spec_from_file_location("plots", {__file__!r})
        plots = importlib.util.module_from_spec(spec); spec.loader.exec_module(plots)
        assert "matplotlib" not in sys.modules, "importing the plots is cheap"
        plots.EMPTY["bars"].to_html(), plots.bars().to_text()
        assert "matplotlib" not in sys.modules, "text needs no drawing"
        import matplotlib
        matplotlib.rcParams["font.size"] = 31
        before = dict(matplotlib.rcParams.copy())
        for make in plots.PLOTS.values():
            make().to_html()
        assert dict(matplotlib.rcParams.copy()) == before
        assert "matplotlib.pyplot" not in sys.modules
        import matplotlib.pyplot
        assert not matplotlib.pyplot.get_fignums()"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_no_figure_stays_behind():
    from matplotlib.figure import Figure

    for make in PLOTS.values():
        make().to_html()
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Figure)]


def channels(color: str) -> list[float]:
    """Linear red, green and blue of a color such as #0a66c2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def contrast(one: str, other: str) -> float:
    shares = (0.2126, 0.7152, 0.0722)
    light = sorted(
        sum(s * c for s, c in zip(shares, channels(x), strict=True)) for x in (one, other)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_marks_and_words_stand_out_from_the_paper():
    for look in LOOKS:
        assert contrast(look.ink, PAPER) >= 4.5, "names of lines are written in it"
        assert contrast(look.ink, look.paper) >= 3
        assert contrast(INK, look.paper) >= 4.5
    for _, ink, ground in JUDGED.values():
        assert contrast(ink, ground) >= 4.5
    assert contrast(MUTED, PAPER) >= 4.5
    assert contrast(WAIT, PAPER) >= 4.5


def test_looks_differ_in_more_than_color():
    for part in ("ink", "hatch", "marker", "sign", "dashes"):
        assert len({getattr(look, part) for look in LOOKS}) == len(LOOKS)


SEEN_BY = {  # Machado, Oliveira and Fernandes 2009, severity 1
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def perceived(color: str, eye) -> list[float]:
    """CIE L*a*b* of a color as such an eye sees it."""
    red, green, blue = (
        min(1, max(0, sum(w * c for w, c in zip(row, channels(color), strict=True)))) for row in eye
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]


@pytest.mark.parametrize("eye", SEEN_BY.values(), ids=SEEN_BY)
def test_a_color_blind_reader_tells_the_colors_apart(eye):
    for one, other in itertools.combinations(LOOKS, 2):
        pairs = zip(perceived(one.ink, eye), perceived(other.ink, eye), strict=True)
        assert sum((a - b) ** 2 for a, b in pairs) ** 0.5 > 20, (one.ink, other.ink)


def test_text_is_large_enough_for_the_back_of_a_room():
    assert min(TEXT, SMALL) >= 11
    for make in PLOTS.values():
        sizes = re.findall(r"scale\(([\d.]+) -", picture(make()))
        assert sizes
        assert min(float(size) * 100 for size in sizes) >= 11


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (1234, "1,234"),
        (147.25, "147.2"),
        (2.0, "2"),
        (12.3456, "12.3"),
        (0.01234, "0.0123"),
        (None, "–"),
        (float("inf"), "–"),
    ],
)
def test_numbers_are_written_the_same_way_everywhere(value, told):
    assert number(value) == told
