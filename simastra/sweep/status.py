"""What comes of a point: a leaf, since who makes rows and who reads them have it in common."""

from enum import StrEnum


class Status(StrEnum):
    """What a row tells of."""

    OK = "ok"
    """It was simulated."""
    DEADLOCK = "deadlock"
    """It can't finish: ``error`` says who waits for what."""
    ERROR = "error"
    """Its inputs are wrong, or something else went wrong: ``error`` says what."""
    PRUNED = "pruned"
    """It wasn't simulated: its bound says that it can't be on the front."""


FAILED = (Status.DEADLOCK, Status.ERROR)
"""Those without a result that were to have one; what kept them from it may have been mended."""
