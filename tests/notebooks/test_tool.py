"""What writes and checks notebooks: it finds every fault, and writes the same file each time."""

import json
import time
from pathlib import Path

import pytest

from tests.notebooks.tool import ROOT, run

GOOD = '# %% [markdown]\n# # A title\n\n# %%\nprint("seen")\n\n# %%\n1 + 1\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notebook that is written."""
    (tmp_path / "1_good.py").write_text(GOOD)
    written = run("--folder", tmp_path)
    assert written.returncode == 0, written.stderr
    return tmp_path


def test_a_notebook_has_its_outputs_and_is_the_same_when_written_again(folder: Path):
    text = (folder / "1_good.ipynb").read_text()
    _, printed, computed = json.loads(text)["cells"]
    assert printed["outputs"][0]["text"] == ["seen\n"]
    assert computed["outputs"][0]["data"]["text/plain"] == ["2"]
    assert run("--folder", folder).returncode == 0
    assert (folder / "1_good.ipynb").read_text() == text


def test_an_edited_cell_leaves_the_names_of_the_others(folder: Path):
    def names() -> list[str]:
        return [cell["id"] for cell in json.loads((folder / "1_good.ipynb").read_text())["cells"]]

    before = names()
    (folder / "1_good.py").write_text(GOOD.replace("1 + 1", "1 + 2"))
    assert run("--folder", folder).returncode == 0
    assert [old == new for old, new in zip(before, names(), strict=True)] == [True, True, False]


@pytest.mark.parametrize("option", ["--sources", "--check"])
def test_a_source_that_was_edited_since_is_told(folder: Path, option: str):
    assert run("--folder", folder, option).returncode == 0
    (folder / "1_good.py").write_text(GOOD.replace("1 + 1", "1 + 2"))
    told = run("--folder", folder, option)
    assert told.returncode == 1
    assert "1_good.ipynb is not of 1_good.py" in told.stderr


def test_sources_are_compared_without_running_anything(folder: Path):
    touched = folder / "touched"
    (folder / "1_good.py").write_text(f"# %%\nopen({str(touched)!r}, 'w').close()\n")
    run("--folder", folder, "--sources")
    assert not touched.exists()


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import warnings\nwarnings.warn('old')", "writes to stderr"),
        (f"print({str(ROOT / 'tools')!r})", "shows a path of this machine"),
    ],
)
def test_a_notebook_that_fails_warns_or_shows_a_path_is_not_written(
    tmp_path: Path, cell: str, told: str
):
    (tmp_path / "1_bad.py").write_text(f"# %%\n{cell}\n")
    refused = run("--folder", tmp_path)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert not (tmp_path / "1_bad.ipynb").exists()


def test_a_notebook_that_takes_too_long_ends_with_what_it_started(tmp_path: Path):
    number = tmp_path / "number"
    start = f"import subprocess\nprogram = subprocess.Popen(['sleep', '600'])\n\
open({str(number)!r}, 'w').write(str(program.pid))\nprogram.wait()"
    (tmp_path / "1_slow.py").write_text(f"# %%\n{start}\n")
    refused = run("--folder", tmp_path, "--seconds", "10")
    assert "takes longer than 10 s" in refused.stderr
    process = Path("/proc") / number.read_text() / "stat"
    deadline = time.monotonic() + 10
    # A process that has ended may wait for the machine's first one to take notice: state Z.
    while process.exists() and process.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "what the notebook started still runs"
        time.sleep(0.05)  # between two questions
