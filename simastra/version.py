"""Which simastra this is."""

from functools import cache
from typing import TYPE_CHECKING

from simastra.deferred import deferred

if TYPE_CHECKING:
    from importlib import metadata
else:  # it takes a tenth of the start-up time, and few commands want it
    metadata = deferred("importlib.metadata")


@cache  # it reads a file
def version() -> str:
    """The version that is installed."""
    try:
        return metadata.version("simastra")
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return "(not installed)"
