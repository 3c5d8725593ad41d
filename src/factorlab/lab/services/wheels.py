"""Small packages that the course makes itself: a wheel from a few lines of Python.

The same source gives the same bytes on every machine, so that a hash written into a lock file
holds wherever it is checked.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

_DATE = (2026, 1, 5, 9, 0, 0)
"""Every file's date in a wheel: a Monday."""


@dataclass(frozen=True)
class Wheel:
    """One release as a file: its project's name, version, the text of its one module, what it
    requires (`acme-tax>=1.0`), and the commands that it installs (name -> function)."""

    name: str
    version: str
    source: str
    requires: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()

    @property
    def module(self) -> str:
        """The name that one imports."""
        return re.sub(r"[-.]+", "_", self.name)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.module}-{self.version}-py3-none-any.whl"

    def content(self) -> bytes:
        """The wheel, byte for byte the same each time."""
        module, info = self.module, f"{self.module}-{self.version}.dist-info"
        files = {
            f"{module}.py": self.source,
            f"{info}/METADATA": _lines(
                "Metadata-Version: 2.1",
                f"Name: {self.name}",
                f"Version: {self.version}",
                *(f"Requires-Dist: {line}" for line in self.requires),
            ),
            f"{info}/WHEEL": _lines(
                "Wheel-Version: 1.0",
                "Generator: factorlab",
                "Root-Is-Purelib: true",
                "Tag: py3-none-any",
            ),
        }
        if self.commands:
            scripts = [f"{command} = {module}:{function}" for command, function in self.commands]
            files[f"{info}/entry_points.txt"] = _lines("[console_scripts]", *scripts)
        return _zipped(files, f"{info}/RECORD")

    def sha256(self) -> str:
        """The hash of its bytes, as `pip hash` prints it."""
        return hashlib.sha256(self.content()).hexdigest()


def release_of(file: str) -> tuple[str, str]:
    """Project (as indexes write it, `acme-tax`) and version of a wheel's file name."""
    name, version = file.split("-")[:2]
    return normal(name), version


def normal(name: str) -> str:
    """A project's name as indexes write it: lower case, one dash between words."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _zipped(files: Mapping[str, str], record: str) -> bytes:
    rows = [f"{name},{_digest(text.encode())},{len(text.encode())}" for name, text in files.items()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in {**files, record: _lines(*rows, f"{record},,")}.items():
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, text.encode())
    return buffer.getvalue()


def _digest(data: bytes) -> str:
    packed = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={packed.rstrip(b'=').decode()}"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)
