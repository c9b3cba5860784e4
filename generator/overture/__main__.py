"""Run the command by `python -m overture`."""

import sys

from overture.cli import main

if __name__ == "__main__":
    sys.exit(main())
