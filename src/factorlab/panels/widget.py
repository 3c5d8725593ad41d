"""What the live parts of a page have in common: a widget that has a twin without one."""

from typing import Any

import anywidget

from factorlab.display import Shown


class Widget(anywidget.AnyWidget):
    """A widget whose cell also holds HTML and text, for pages where no widget runs."""

    @property
    def twin(self) -> Shown:
        """What stands for it there."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), **self.twin._repr_mimebundle_()}, metadata

    def __str__(self) -> str:
        return self.twin.to_text()
