"""``python -m textcnn``."""

import sys

from textcnn.main import main

sys.exit(main())
