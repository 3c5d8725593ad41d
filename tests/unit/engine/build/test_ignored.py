"""What a .dockerignore leaves out of a build, and how long reading a hostile one takes."""

import time

import pytest

from factorlab.engine.build.context import check_files
from factorlab.engine.build.ignored import without_ignored

FILES = ("app.py", "Dockerfile", ".env", "notes/a.txt", "notes/deep/b.txt", "test_app.py")
IGNORED = {
    ".env": {".env"},
    "# .env": set(),
    "*.txt": set(),
    "**/*.txt": {"notes/a.txt", "notes/deep/b.txt"},
    "*/*.txt": {"notes/a.txt"},
    "notes": {"notes/a.txt", "notes/deep/b.txt"},
    "/notes/": {"notes/a.txt", "notes/deep/b.txt"},
    "notes/**": {"notes/a.txt", "notes/deep/b.txt"},
    "notes/**/b.txt": {"notes/deep/b.txt"},
    "notes\n!notes/a.txt": {"notes/deep/b.txt"},
    "!.env\n.env": {".env"},
    "*\n!app.py": {".env", "notes/a.txt", "notes/deep/b.txt", "test_app.py"},
    ".e[m-o]v": {".env"},
    "test_?pp.py": {"test_app.py"},
    "Dockerfile": set(),
    "[z-a]\n[\n!\n\\": set(),
    "  .env  \r": {".env"},
    "": set(),
}


@pytest.mark.parametrize("text", IGNORED, ids=repr)
def test_dockerignore_leaves_out_what_docker_would(text):
    files = dict.fromkeys(FILES, b"") | {".dockerignore": text.encode()}
    kept = without_ignored(files)
    assert set(FILES) - set(kept) == IGNORED[text]


def test_a_dockerignore_of_a_stranger_cannot_keep_the_grader_busy():
    evil = "\n".join(["*a" * 60 + "*b", "/".join(["**"] * 60) + "/x", "**" * 200] * 20)
    files = {"/".join(["a" * 90] * 2) + str(n): b"" for n in range(40)}
    began = time.monotonic()
    without_ignored(files | {".dockerignore": evil.encode()})
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "lines",
    [
        [f"f{number:03}*/*.txt" for number in range(500)],
        ["**/a/" * 97 + "b"] * 20,
        [f"*/{'**/' * 8}x" for _ in range(340)],
    ],
    ids=["many lines", "deep", "stars"],
)
def test_the_longest_dockerignore_is_held_against_the_deepest_file_in_no_time(lines):
    text = "\n".join(lines).encode()
    files = {"/".join(["a"] * 98) + f"/{number}": b"" for number in range(5)}
    check_files(files | {".dockerignore": text})
    began = time.process_time()
    without_ignored(files | {".dockerignore": text})
    assert time.process_time() - began < 5
