"""Whether numba is there; nothing of it is loaded here."""

from __future__ import annotations

from importlib.util import find_spec
from os import environ

OFF = "NUMBA_DISABLE_JIT"
"""Where this is set in the environment, numba is told to compile nothing."""


def is_installed() -> bool:
    """Whether numba is there (the extra ``fast``)."""
    return find_spec("numba") is not None


def is_off() -> bool:
    """Whether numba is told to compile nothing."""
    return environ.get(OFF, "0") != "0"
