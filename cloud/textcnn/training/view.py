"""How a running job looks: its log and a table of epochs; live at a terminal, else line by line."""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from textcnn.output import Output
from textcnn.training.log import Epoch, Message

STYLES = {"WARNING": "yellow", "ERROR": "red"}
# The first rows of a long table make room for the lines above and below it.
OTHER_LINES = 8
NARROWEST = 6


class View(Protocol):
    """Shows a job while it runs; a context manager."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End with what is to stay on the screen."""

    def show(self, told: Message | Epoch) -> None:
        """Show a line of the log, or an epoch."""

    def state(self, text: str) -> None:
        """Show what the job is doing."""


def view(output: Output) -> View:
    """Return what fits where the notes go."""
    console = output.notes
    return LiveView(console) if console.is_interactive else LineView(output)


def heading(metric: str) -> str:
    """Return a column's name: ``validation accuracy`` of ``validation:accuracy``.

    >>> heading("epoch:seconds"), heading("validation:macro_f1")
    ('seconds', 'validation macro F1')
    """
    words = metric.removeprefix("epoch:").replace(":", " ").replace("_", " ")
    return words.replace("f1", "F1")


class LineView:
    """Prints a line for each line of the log and each epoch, under one heading."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._columns: list[str] = []
        self._state = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Have nothing to leave: all has been printed."""

    def show(self, told: Message | Epoch) -> None:
        """Print a line."""
        if isinstance(told, Message):
            self._output.say(told.text)
            return
        if list(told.metrics) != self._columns:
            self._columns = list(told.metrics)
            self._output.say("  ".join(["epoch", *map(heading, self._columns)]))
        cells = [number(value).rjust(len(heading(name))) for name, value in told.metrics.items()]
        self._output.say("  ".join([str(told.number).rjust(len("epoch")), *cells]))

    def state(self, text: str) -> None:
        """Print a new state; the time that has passed is no news."""
        state = text.partition(" for ")[0]
        if state != self._state:
            self._state = state
            self._output.say(f"[{state}]")


class LiveView:
    """Keeps the table of epochs and the state at the end of the screen, the log above."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._epochs: list[Epoch] = []
        self._spinner = Spinner("dots", text="")
        self._ended = False
        self._live = Live(
            console=console,
            get_renderable=self._render,
            refresh_per_second=8,
            vertical_overflow="visible",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended = True
        self._live.stop()

    def show(self, told: Message | Epoch) -> None:
        """Print a line above the table, or add a row to it."""
        if isinstance(told, Epoch):
            self._epochs.append(told)
        else:
            self._console.print(escape(told.text), style=STYLES.get(told.level, "dim"))

    def state(self, text: str) -> None:
        """Show the state below the table."""
        self._spinner.update(text=Text(text))

    def _render(self) -> RenderableType:
        if self._ended:
            return self._table(self._epochs) if self._epochs else Text()
        room = max(NARROWEST, self._console.height - OTHER_LINES)
        table = [self._table(self._epochs[-room:])] if self._epochs else []
        return Group(*table, self._spinner)

    def _table(self, epochs: list[Epoch]) -> Table:
        metrics = list(epochs[-1].metrics)
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("epoch", justify="right")
        for metric in metrics:
            table.add_column(heading(metric), justify="right")
        best = best_epoch(self._epochs)
        for epoch in epochs:
            cells = [number(epoch.metrics.get(metric)) for metric in metrics]
            table.add_row(
                str(epoch.number), *cells, style="green" if epoch.number == best else None
            )
        return table


def best_epoch(epochs: list[Epoch]) -> int | None:
    """Return the number of the epoch with the best accuracy on validation, which is kept."""
    name = "validation:accuracy"
    scored = [epoch for epoch in epochs if name in epoch.metrics]
    return max(scored, key=lambda epoch: epoch.metrics[name]).number if scored else None


def number(value: float | None) -> str:
    """Return a metric as tables show it."""
    return "" if value is None else f"{value:.4f}"
