"""A notebook whose packages do not go with the others' runs in an environment of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.notebooks.tool import ROOT, run
from tests.support.skipping import skip

NAME = "4_with_the_sagemaker_sdk"
PYTHON = ROOT / ".venv-sdk/bin/python"
SHOW = "# %%\nimport sys\nfrom pathlib import Path\nprint(Path(sys.prefix).name)\n"


def test_the_kernel_is_of_the_named_environment(tmp_path: Path) -> None:
    """No kernel is installed for it: the tool starts the Python of the SDK's environment."""
    if not PYTHON.exists():
        skip("the sagemaker SDK is not installed: make .venv-sdk/sdk.installed")
    (tmp_path / f"{NAME}.py").write_text(SHOW)
    written = run("--folder", tmp_path)
    assert written.returncode == 0, written.stderr
    (cell,) = json.loads((tmp_path / f"{NAME}.ipynb").read_text())["cells"]
    assert cell["outputs"][0]["text"] == [".venv-sdk\n"]


def test_where_the_environment_is_missing_it_is_told_by_a_code_of_its_own(tmp_path: Path) -> None:
    """So that a test can tell a notebook that is wrong from one that cannot run here."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/notebooks.py", tmp_path / "tools")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / f"notebooks/{NAME}.py").write_text(SHOW)
    command = [sys.executable, str(tmp_path / "tools/notebooks.py")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 3
    assert f"{NAME} runs in an environment that is not here" in told.stderr
    assert not (tmp_path / f"notebooks/{NAME}.ipynb").exists()
