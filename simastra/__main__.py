"""``python -m simastra``, and ``simastra``: the command line."""

import sys
from typing import TYPE_CHECKING

from simastra.deferred import deferred

if TYPE_CHECKING:
    from simastra import cli
else:  # with no regard to the garbage collector
    cli = deferred("simastra.cli")


def main() -> int:
    """Run the command line of this process, and return its exit code."""
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
