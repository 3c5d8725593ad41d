"""The foreign apps of `apps/`, good and deliberately broken, and what the audit must say of each."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
REVISION = "4f2d1c9a8b7e6d5c4b3a29181706f5e4d3c2b1a0"


@dataclass(frozen=True)
class Form:
    """One form of an app: what is changed in the good one, and question -> expected result."""

    app: str
    name: str
    why: str
    changes: list[dict[str, str]]
    expected: dict[str, str]
    later: bool
    """Whether it is asked only when everything is."""

    @property
    def good(self) -> bool:
        return not self.changes

    def write(self, folder: Path) -> Path:
        """The form's files, in a folder."""
        source = HERE / "apps" / self.app
        for path in source.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = folder / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
                copy.chmod(0o755 if path.suffix == ".sh" else 0o644)
        for change in self.changes:
            file = folder / change["file"]
            text = file.read_text()
            assert text.count(change["old"]) == 1, f"{self.app}/{self.name}: {change}"
            file.write_text(text.replace(change["old"], change["new"]))
        return folder


@cache
def forms() -> list[Form]:
    """All forms, as `expected.toml` has them."""
    data = tomllib.loads((HERE / "expected.toml").read_text())
    found = []
    for app, own in data.items():
        later = own.get("later", False)
        found.append(Form(app, "good", own["why"], [], own["good"], later))
        for name, broken in own.get("broken", {}).items():
            found.append(
                Form(
                    app,
                    name,
                    broken["why"],
                    broken["change"],
                    broken["expect"],
                    broken.get("later", False),
                )
            )
    return found
