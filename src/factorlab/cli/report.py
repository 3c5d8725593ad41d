"""The building of images in a terminal: a line for each, what is being done, how long it takes."""

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class ImageReport:
    """A line for each image that is being built: spinner and seconds in a terminal, one printed
    line a step elsewhere."""

    def __init__(self) -> None:
        self._bar = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.fields[image]:<9}"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "ImageReport":
        if console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if console.is_terminal:
            self._bar.stop()

    def __call__(self, image: str, step: str) -> None:
        if not console.is_terminal:
            console.print(f"  {image}: {step}")
            return
        if image not in self._tasks:
            self._tasks[image] = self._bar.add_task(step, total=1, image=image)
        self._bar.update(
            self._tasks[image], description=step, completed=1 if step == "ready" else 0
        )
