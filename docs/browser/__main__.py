"""``python -m docs.browser``: build the course for the browser."""

import argparse
import sys
from pathlib import Path

from .build import build
from .wheels import ROOT, BuildError


def main() -> str | None:
    """Read the command line and build; return why that isn't possible."""
    parser = argparse.ArgumentParser(prog="python -m docs.browser")
    output, work = ROOT / "out" / "course", ROOT / "out" / "course-work"
    parser.add_argument("--output", type=Path, default=output, metavar="DIR", help="of the site")
    what = "where what is fetched stays for the next time"
    parser.add_argument("--work", type=Path, default=work, metavar="DIR", help=what)
    options = parser.parse_args()
    try:
        build(options.output.resolve(), options.work.resolve())
    except BuildError as error:
        return str(error)
    size = sum(it.stat().st_size for it in options.output.rglob("*") if it.is_file())
    print(f"{options.output}: {size / 1e6:.1f} MB; to look at it:")
    print(f"python3 -m http.server --directory {options.output}")
    return None


if __name__ == "__main__":
    sys.exit(main())
