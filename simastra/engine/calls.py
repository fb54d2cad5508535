"""What is scheduled: plain calls, and whose they are."""

from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import TypeAlias

Call: TypeAlias = Callable[[], object]
"""What runs when a plain scheduled call is due: no arguments, its result is dropped."""


def owner_of(call: object) -> object:
    """The object whose method a scheduled call is; what is no method stands for itself."""
    if isinstance(call, partial):  # a partial of a partial is one of its function
        call = call.func
    return call.__self__ if isinstance(call, MethodType) else call
