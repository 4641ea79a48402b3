"""What check_image.sh runs."""

import signal
import sys
from types import FrameType

from check_image.command import main

ENDING = (signal.SIGINT, signal.SIGTERM)


def _exit(number: int, _frame: FrameType | None) -> None:
    """End in the ordinary way, which removes containers; a second signal must not stop that."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    sys.stderr.write("stopped: removing containers and volumes\n")
    sys.exit(128 + number)


if __name__ == "__main__":
    for each in ENDING:
        signal.signal(each, _exit)
    sys.exit(main())
