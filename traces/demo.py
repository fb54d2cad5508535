"""The demos, as `simastra demo` plays them: of this folder, wherever it lies.

Ends with the number of those that came out wrong.
"""

import sys
from functools import partial
from pathlib import Path

from simastra.demos import play_all

if __name__ == "__main__":
    sys.exit(play_all(Path(__file__).parent, partial(print, flush=True)))
