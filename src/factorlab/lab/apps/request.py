"""A request: the one type for what a contract names, a load sends, and a reply answers."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request: method, path, JSON body and headers."""

    method: str
    path: str
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
