"""The main job on the sample letters: train, serve, ask, without Docker.

Everything happens in ``.demo/``; the server listens on this machine alone. On a terminal it goes on
with its page until Ctrl+C, else it is stopped at the end.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "container/text_classification"
DEMO = ROOT / ".demo"
READY_SECONDS = 60

NEXT = """
The model is in {model}; {report} shows how good it is.

What next?
  your own documents  put CSV files with the columns label and text into
                      my-data/input/data/training, then run
                      {train}
  the page            {serve},
                      then http://127.0.0.1:8080/ in a browser
  with Docker         make image, then local_test/train_local.sh text-classification
  on SageMaker        ./build_and_push.sh text-classification
  all settings        docs/hyperparameters.md
"""
OWN_DATA = "SAGEMAKER_BASE_DIR=my-data .venv/bin/python container/text_classification/train"
SERVE = "SAGEMAKER_BASE_DIR=.demo .venv/bin/python container/text_classification/serve"


def main() -> int:
    """Run the demonstration and return its exit code."""
    shutil.rmtree(DEMO, ignore_errors=True)
    data = DEMO / "input/data"
    subprocess.run([sys.executable, ROOT / "local_test/letters.py", data], check=True)
    environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(DEMO)}

    print("Training on letters of a mortgage servicer in 14 categories ...", flush=True)
    subprocess.run([PROGRAMS / "train"], env=environment, check=True)

    port = _free_port()
    environment |= {"SAGEMAKER_BIND_TO_PORT": str(port), "BIND_ADDRESS": "127.0.0.1"}
    print("\nServing the model ...", flush=True)
    server = subprocess.Popen([PROGRAMS / "serve"], env=environment)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ping", server)
        for name, content_type in (
            ("payload.txt", "text/plain"),
            ("payload.json", "application/json"),
        ):
            _ask(f"http://127.0.0.1:{port}/invocations", ROOT / "local_test" / name, content_type)
        shown = {"model": DEMO / "model", "report": DEMO / "output/data/report.html"}
        print(NEXT.format(train=OWN_DATA, serve=SERVE, **shown))
        if sys.stdout.isatty():
            print(f"The page is http://127.0.0.1:{port}/ until Ctrl+C.", flush=True)
            with suppress(KeyboardInterrupt):
                server.wait()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.1)  # between two questions
        else:
            return
    raise SystemExit("the server did not become ready; its reason is above")


def _ask(url: str, path: Path, content_type: str) -> None:
    print(
        f"\n$ curl --data-binary @{path.relative_to(ROOT)} -H 'Content-Type: {content_type}' {url}"
    )
    request = urllib.request.Request(url, path.read_bytes(), {"Content-Type": content_type})
    with urllib.request.urlopen(request, timeout=60) as answer:
        predictions = json.load(answer)["predictions"]
    for prediction in predictions:
        best = ", ".join(
            f"{each['label']} {100 * each['score']:.1f} %" for each in prediction["top"]
        )
        print(f"  {best}")


if __name__ == "__main__":
    sys.exit(main())
