"""``python -m simastra``: the command line."""

import sys

from simastra.cli import main

if __name__ == "__main__":
    sys.exit(main())
