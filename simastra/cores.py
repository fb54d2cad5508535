"""How many processes this one may run at once."""

import os


def cores() -> int:
    """Return how many cores this process may use: of the machine's, those it isn't kept from."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
