"""``python -m docs.site FOLDER [COURSE]``: put the course into a built site; check its links.

`make docs` and `make site` call it once the site stands in FOLDER.
"""

import shutil
import sys
from pathlib import Path

from .generated import COURSE
from .links import broken_links, loaded_from_elsewhere


def main(words: list[str]) -> str:
    """Put the course into the site, if one is named, and return what is wrong with the links."""
    site, *course = map(Path, words)
    if course:
        place = site / Path(COURSE).parent
        shutil.rmtree(place)
        shutil.copytree(course[0], place)
    return "\n".join(broken_links(site.resolve()) + loaded_from_elsewhere(site.resolve()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or None)
