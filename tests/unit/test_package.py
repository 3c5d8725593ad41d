"""The package's own rules: who may import whom, what stays cheap, what says what it is."""

import ast
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import grimp
import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "factorlab"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAYERS = (
    "__main__",
    "cli",
    "start",
    "audit",
    "grading",
    "site",
    "exercises",
    "lesson",
    "panels",
    "factors",
    "questions",
    "lab",
    "engine",
    "waiting",
    "formats",
    "display",
    "workspace",
    "course",
    "course_file",
    "toml",
    "errors",
)
"""Top to bottom: a module may import only from its own row and the rows below it."""
DEAR = (
    "docker",
    "nbformat",
    "matplotlib",
    "IPython",
    "jupyterlab",
    "ipywidgets",
    "requests",
    "pydantic",
)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, also inside functions and for types only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from imported(node)


def circles(imports: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The strongly connected components of a graph: modules of which each imports all others, by
    whatever ways. A module alone is one, too."""
    reached = {name: reachable(imports, name) for name in imports}
    together = {
        tuple(sorted({name} | {one for one in reached[name] if name in reached[one]}))
        for name in imports
    }
    return sorted(map(list, together))


def reachable(imports: Mapping[str, Collection[str]], name: str) -> set[str]:
    """All that a module imports, and what these import, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = set(imports[waiting.pop()]) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def all_imports(path: Path) -> set[str]:
    return set(imported(ast.parse(path.read_text())))


@pytest.mark.parametrize("path", [p for p in MODULES if p != PACKAGE / "__init__.py"], ids=name_of)
def test_a_module_imports_only_from_below(path):
    own = layer_of(path)
    assert own in LAYERS, f"{own} has no row in the table of docs/ARCHITECTURE.md"
    below = LAYERS[LAYERS.index(own) :]
    for name in all_imports(path):
        parts = name.split(".")
        if parts[0] == "factorlab" and name != "factorlab.__version__":
            assert parts[1] in below, f"{name_of(path)} imports {name}"


def test_no_modules_import_each_other_in_a_circle():
    """Not for types either, and not inside functions: two modules in a circle are one module."""
    graph = grimp.build_graph("factorlab", exclude_type_checking_imports=False, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert [circle for circle in circles(imports) if len(circle) > 1] == []


def test_a_circle_is_seen_and_a_diamond_is_none():
    diamond = {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}
    assert all(len(one) == 1 for one in circles(diamond))
    assert ["b", "c", "d"] in circles({**diamond, "d": {"c"}, "c": {"b"}})


def test_the_docker_sdk_is_known_to_the_engine_only():
    users = {
        layer_of(p) for p in MODULES if any(n.split(".")[0] == "docker" for n in all_imports(p))
    }
    assert users == {"engine"}


@pytest.mark.parametrize(
    "code",
    [
        "import factorlab",
        "from factorlab.cli import cli; cli(['--help'], standalone_mode=False)",
        "from factorlab.cli import cli; cli(['--version'], standalone_mode=False)",
    ],
)
def test_importing_and_asking_for_help_stay_cheap(code):
    report = f"{code}\nimport sys; print('LOADED', [m for m in {DEAR!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    assert "LOADED []" in run.stdout


def test_the_help_of_every_command_is_there_and_needs_no_engine():
    code = f"""if True:
        import sys
        from factorlab.cli import COMMANDS, cli
        for command in COMMANDS:
            cli([command, "--help"], standalone_mode=False)
        print("LOADED", [m for m in {DEAR!r} if m in sys.modules])"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.count("Usage:") >= 8
    assert "LOADED []" in run.stdout


def test_what_a_learner_imports_is_there_and_what_is_not_is_named():
    import factorlab

    for name in factorlab.__all__:
        assert getattr(factorlab, name)
    with pytest.raises(AttributeError, match="Labb"):
        _ = factorlab.Labb


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is(path):
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_public_function_and_class_says_what_it_does(path):
    for node in ast.parse(path.read_text()).body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name_of(path)}: {node.name}"
