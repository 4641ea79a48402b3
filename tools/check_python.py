"""Say in one line when this Python is too old or too new, or cannot make virtual environments."""

import sys

LOWEST, BEYOND = (3, 11), (3, 14)


def main() -> int:
    """Return 1, with the reason, when the project cannot be installed with this Python."""
    if not LOWEST <= sys.version_info[:2] < BEYOND:
        print(f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}: set PYTHON")
        return 1
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of python3
    except ImportError:
        print("this Python cannot make virtual environments: apt-get install python3-venv")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
