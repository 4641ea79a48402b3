"""Count the lines of the channels, slowly, and write the number as the model."""

import itertools
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from .faults import demand_much, has

ROOT = Path("/opt/ml")
EPOCHS = 8
EPOCH_SECONDS = 0.1
FOREIGN = {"code", "sm_drivers"}

stopped = False


def main() -> int:
    """Run the job; a failure is told in its file and by the exit code."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN if has("ignores-sigterm") else _stop)
    try:
        demand_much()
        train()
    except Exception as error:
        _tell(error)
        return 0 if has("fails-with-0") else 1
    return 143 if stopped and has("stops-with-143") else 0


def train() -> None:
    """Read what is asked, count, and write the model and a checkpoint."""
    _read_hyperparameters()
    _read_hosts()
    _read_checkpoints()
    if has("never-trains"):
        raise RuntimeError("this is no good")
    lines = sum(_count(channel) for channel in _channels())
    if not lines:
        raise ValueError("the channels hold no documents: give some")
    epochs = 40 if has("at-length") else EPOCHS
    for epoch in itertools.count() if has("never-ends") else range(epochs):
        if stopped:
            break
        print(f"epoch={epoch} loss={1 / (1 + epoch):.4f}", flush=True)
        time.sleep(EPOCH_SECONDS)
    if not (stopped and has("stops-without-model")):
        _save(lines)


def _read_hyperparameters() -> None:
    values = _configuration("hyperparameters")
    for name in values:
        foreign = name.startswith(("_", "sagemaker_")) and not has("knows-all-hyperparameters")
        if name != "optimizer" and not foreign:
            raise ValueError(f"there is no hyperparameter {name}")
    optimizer = values.get("optimizer", "adam")
    if (optimizer if has("keeps-quotes") else optimizer.strip('"')) != "adam":
        raise ValueError(f"there is no optimizer {optimizer}")


def _read_hosts() -> None:
    hosts = _configuration("resourceconfig")
    if has("needs-current-host") and "current_host" not in hosts:
        raise KeyError("current_host")
    if has("knows-all-files") and len(list((ROOT / "input/config").iterdir())) > 3:
        raise ValueError("there are unknown files in input/config")


def _read_checkpoints() -> None:
    """Every checkpoint must be one, but for the uploader's marks."""
    for path in (ROOT / "checkpoints").glob("checkpoint-*"):
        if has("reads-marks") or not path.name.endswith(("-uploading", "-uploaded")):
            json.loads(path.read_text())


def _channels() -> list[Path]:
    data = ROOT / "input/data"
    if has("writes-input"):
        (data / "cache").write_text("cache")
    found = [data / name for name in _configuration("inputdataconfig") if name not in FOREIGN]
    if has("lists-channels"):
        found = [path for path in data.iterdir() if path.name not in FOREIGN]
    if has("reads-all-channels"):
        found = [path for path in data.iterdir() if path.is_dir()]
    return found or [path for path in data.iterdir() if path.is_dir()]


def _count(channel: Path) -> int:
    files = list(channel.iterdir())
    if any(path.suffix not in {".csv", ".txt"} for path in files):
        raise ValueError(f"{channel} holds no documents but programs")
    return sum(len(path.read_text().splitlines()) for path in files)


def _configuration(name: str) -> dict[str, Any]:
    path = ROOT / f"input/config/{name}.json"
    if not path.is_file() and not has("needs-all-files"):
        return {}
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def _save(lines: int) -> None:
    model = ROOT / "model"
    (model / "model.json").write_text(json.dumps({"lines": lines}))
    (model / "name.txt").write_text("sample")
    if has("links"):
        (model / "latest.json").symlink_to("model.json")
    if has("hard-links"):
        os.link(model / "model.json", model / "latest.json")
    if has("carriage-returns"):
        print("100 %\rsaved")
    name = "checkpoint-1.sagemaker-ignore" if has("unfinished-checkpoint") else "checkpoint-1"
    (ROOT / "checkpoints" / name).write_text("{}")
    print("saved")


def _stop(_number: int, _frame: object) -> None:
    global stopped  # noqa: PLW0603 - a signal has no other way in
    stopped = True


def _tell(error: Exception) -> None:
    trace = traceback.format_exc()
    sys.stderr.write(trace)
    if has("no-failure-file"):
        return
    told = trace if has("traceback-first") else f"{error}\n\n{trace}"
    reason = b"\xff\xfe" if has("binary-failure-file") else told.encode()
    (ROOT / "output/failure").write_bytes(reason)
