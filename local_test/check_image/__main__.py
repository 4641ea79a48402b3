"""What check_image.sh runs."""

import sys

from check_image.command import main

if __name__ == "__main__":
    sys.exit(main())
