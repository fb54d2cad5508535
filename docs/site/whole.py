"""The documentation with the course in it."""

import shutil
from pathlib import Path

from .generated import COURSE


def take_in(site: Path, course: Path) -> None:
    """Put the course where the documentation has a page that says how to build it.

    Args:
        site: the folder of the built documentation.
        course: that of the built course.
    """
    place = site / Path(COURSE).parent
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(course, place)
