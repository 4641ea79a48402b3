"""Any application on our nginx and gunicorn, configured as ours: what they cost without us.

    python -m benchmarks.servers.stack [--each-loads] [OPTION OF GUNICORN ...] MODULE:APPLICATION

--each-loads: each worker loads the application, rather than all sharing what was loaded once.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from text_classification.contract.settings import read_settings
from text_classification.serving.server.programs import gunicorn_options, nginx_command
from text_classification.serving.server_folder import READY, RESPONSES

EACH_LOADS = "--each-loads"


def main() -> int:
    """Serve until SIGTERM."""
    settings = read_settings()
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(dir=settings.scratch, prefix="serve-") as name:
        folder = Path(name)
        # nginx asks any worker; ours say so themselves when they are ready.
        (folder / READY).touch()
        (folder / RESPONSES).mkdir()
        commands = [
            gunicorn_command(gunicorn_options(settings, folder), folder, sys.argv[1:]),
            nginx_command(settings, folder),
        ]
        running = [subprocess.Popen(command) for command in commands]
        try:
            signal.pause()
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()
    return 0


def gunicorn_command(
    options: Mapping[str, object], folder: Path, arguments: Sequence[str]
) -> list[str]:
    """Return gunicorn's command line, and write ``options`` into a file that it names."""
    options = {**options, "preload_app": EACH_LOADS not in arguments}
    file = folder / "gunicorn.conf.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in options.items()), "utf-8")
    others = [each for each in arguments if each != EACH_LOADS]
    return [sys.executable, "-P", "-m", "gunicorn", f"--config={file}", *others]


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
