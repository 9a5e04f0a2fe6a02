"""``python -m fairgate`` is the command ``fairgate``."""

from __future__ import annotations

import sys

from fairgate.cli import main

if __name__ == "__main__":
    sys.exit(main())
