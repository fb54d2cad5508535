"""``python -m docs.site FOLDER [COURSE]``: put the course into a built site; check its links.

`make docs` and `make site` call it once the site stands in FOLDER.
"""

import sys
from pathlib import Path

from .links import wrong_links
from .whole import take_in


def main(words: list[str]) -> str:
    """Put the course into the site, if one is named, and return what is wrong with the links."""
    site, *course = map(Path, words)
    if course:
        take_in(site, course[0])
    return "\n".join(wrong_links(site.resolve()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or None)
