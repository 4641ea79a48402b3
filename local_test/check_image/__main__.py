"""What check_image.sh runs."""

import signal
import sys
from types import FrameType

from check_image.command import main


def _exit(number: int, _frame: FrameType | None) -> None:
    """End in the ordinary way, so that containers are removed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _exit)
    sys.exit(main())
