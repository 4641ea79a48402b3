"""Execute the notebooks and write them, or check them.

``notebooks/NAME.py`` is the source, in jupytext's percent format: ``# %% [markdown]`` begins text,
``# %%`` code. ``notebooks/NAME.ipynb`` is made of it, with what it printed and drew. Everything but
the outputs depends on the source alone, so executing a notebook again changes nothing else.

A notebook runs in its own folder, by the Python that runs this program; no kernel need be
installed.
"""

import argparse
import asyncio
import base64
import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from PIL import Image
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
# Notebooks whose packages do not go together with the others'.
ENVIRONMENTS = {"4_with_the_sagemaker_sdk": ROOT / ".venv-sdk/bin/python"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
# The colours of a picture: drawings have fewer, and their files are a third as large.
COLOURS = 256
# Exit codes: something is wrong with a notebook; this machine cannot run it.
WRONG, NOT_HERE = 1, 3


class NotebookError(Exception):
    """What is wrong with a notebook, in words for its author."""


class NotHereError(Exception):
    """What a notebook needs that this machine does not have."""


@dataclass(frozen=True)
class Notebook:
    """A source and the notebook that is made of it."""

    source: Path

    @property
    def written(self) -> Path:
        """Where the notebook with its outputs lies."""
        return self.source.with_suffix(".ipynb")

    @property
    def python(self) -> Path:
        """The Python that runs it. Raises ``NotHereError`` where its environment is missing."""
        python = ENVIRONMENTS.get(self.source.stem, Path(sys.executable))
        if not python.is_file():
            raise NotHereError(
                f"{self.source.stem} runs in an environment that is not here: {python}"
            )
        return python

    def made(self) -> NotebookNode:
        """Return the notebook of the source, without outputs."""
        read = jupytext.reads(self.source.read_text("utf-8"), fmt="py:percent")
        cells = [_bare(cell) for cell in read.cells]
        for cell, name in zip(cells, _names(cells), strict=True):
            cell["id"] = name
        made = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
        return NotebookNode(nbformat.from_dict(made))

    def executed(self, seconds: float) -> NotebookNode:
        """Run the notebook from top to bottom and return it with its outputs.

        Raises ``NotebookError`` where a cell fails, warns, tells of this machine's folders, or the
        whole takes longer than ``seconds``.
        """
        notebook = self.made()
        asyncio.run(_execute(notebook, self.source, self.python, seconds))
        notebook.metadata = nbformat.from_dict(METADATA)  # nbclient adds the version of Python
        for cell in notebook.cells:
            _check_outputs(cell, self.source)
        return notebook

    def check_sources(self) -> None:
        """Raise ``NotebookError`` unless the written notebook is of this source."""
        if not self.written.is_file():
            raise NotebookError(f"{self.written.name} is missing: execute it")
        written = nbformat.read(self.written, as_version=nbformat.NO_CONVERT)
        written.cells = [_bare(cell) | {"id": cell.get("id")} for cell in written.cells]
        if written != self.made():
            raise NotebookError(
                f"{self.written.name} is not of {self.source.name}: execute it anew"
            )

    def write(self, notebook: NotebookNode) -> None:
        """Write the notebook beside its source."""
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = _smaller(output.data["image/png"])
        nbformat.validate(notebook)
        nbformat.write(notebook, self.written)


def _kernel_by(python: Path) -> type[AsyncKernelManager]:
    """Return what starts a kernel by a given Python, whatever kernels are installed."""

    class Kernel(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    return Kernel


async def _execute(notebook: NotebookNode, source: Path, python: Path, seconds: float) -> None:
    limit = asyncio.timeout(seconds)
    with tempfile.TemporaryDirectory() as private:
        client = NotebookClient(
            notebook,
            kernel_manager_class=_kernel_by(python),
            # Sockets that nobody else can reach.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{private}/kernel"}}),
            resources={"metadata": {"path": str(source.parent)}},
            timeout=None,
            record_timing=False,
            coalesce_streams=True,
            # What a notebook made, it has removed itself by then.
            shutdown_kernel="immediate",
            extra_arguments=["--InteractiveShell.colors=nocolor"],
        )
        try:
            async with limit:
                # No settings of the person who runs it.
                await client.async_execute(env={**os.environ, "IPYTHONDIR": private})
        except (TimeoutError, CellExecutionError, DeadKernelError) as error:
            problem = f"it takes longer than {seconds:.0f} s" if limit.expired() else error
            raise NotebookError(f"{source.name}: {problem}") from None


def _smaller(picture: str) -> str:
    """Return a PNG, base64 as notebooks hold it, with a palette of its colours."""
    drawn = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    file = io.BytesIO()
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def _bare(cell: NotebookNode) -> dict[str, Any]:
    """Return what the source says of a cell."""
    bare = {"cell_type": cell.cell_type, "metadata": dict(cell.metadata), "source": cell.source}
    return bare | ({"execution_count": None, "outputs": []} if cell.cell_type == "code" else {})


def _names(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a name for each cell, the same as long as its source is."""
    seen: Counter[str] = Counter()
    for cell in cells:
        name = sha256(cell["source"].encode()).hexdigest()[:12]
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def _check_outputs(cell: NotebookNode, source: Path) -> None:
    for output in cell.get("outputs", ()):
        where = f"{source.name}, the cell that begins {cell.source.splitlines()[0]!r}"
        if output.get("name") == "stderr":
            raise NotebookError(f"{where}, writes to stderr:\n{output.text}")
        for folder in (str(ROOT), str(Path.home()), tempfile.gettempdir()):
            if f"{folder}/" in str(output):
                raise NotebookError(f"{where}, shows a path of this machine, below {folder}")


def main() -> int:
    """Do what was asked for and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", help="without .py; all where none is given")
    parser.add_argument("--check", action="store_true", help="run them and write nothing")
    parser.add_argument(
        "--sources", action="store_true", help="compare .py and .ipynb, run nothing"
    )
    parser.add_argument("--seconds", type=float, default=900, help="the most that one may take")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    names = options.names or sorted(path.stem for path in options.folder.glob("[0-9]_*.py"))
    codes = {0}
    for name in names:
        try:
            _one(Notebook(options.folder.resolve() / f"{name}.py"), options)
        except NotHereError as error:
            print(error, file=sys.stderr)
            codes.add(NOT_HERE)
        except (NotebookError, OSError) as error:
            print(error, file=sys.stderr)
            codes.add(WRONG)
    return WRONG if WRONG in codes else max(codes)


def _one(notebook: Notebook, options: argparse.Namespace) -> None:
    if options.check or options.sources:
        notebook.check_sources()
    if options.sources:
        return
    print(f"{notebook.source.stem} ...", flush=True)
    executed = notebook.executed(options.seconds)
    if not options.check:
        notebook.write(executed)


if __name__ == "__main__":
    sys.exit(main())
