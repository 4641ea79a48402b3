"""``python -m textcnn``."""

import sys

try:
    from textcnn.main import main
except KeyboardInterrupt:
    # Ctrl+C while the modules are imported: nothing has been done, so nothing goes on.
    sys.exit(130)

sys.exit(main())
