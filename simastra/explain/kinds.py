"""What each call that the model schedules spends time on.

A call is known by the function that it runs, whatever is bound to it. A new part of the model that
schedules calls of its own gets a line in `CATEGORIES`; until then its time is `Category.OTHER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MethodType

from simastra.memory.servers import MemoryServer, end_access
from simastra.system.compute import end_computation
from simastra.system.custom import CustomPlayer
from simastra.system.endpoint import Endpoint
from simastra.system.player import PhasePlayer
from simastra.system.shared_bus import BusSide

from .category import Category

CATEGORIES: Mapping[object, Category] = {
    end_computation: Category.COMPUTE,
    CustomPlayer._finish: Category.COMPUTE,
    end_access: Category.MEMORY,
    MemoryServer.release: Category.MEMORY,
    BusSide._sent: Category.ENDPOINT,
    BusSide._received: Category.ENDPOINT,
    BusSide._processed: Category.REDUCTION,
    PhasePlayer.packet_passed: Category.ENDPOINT,
    Endpoint.reduce: Category.ENDPOINT,  # the packet has passed, and its reduction begins
    PhasePlayer.packet_reduced: Category.REDUCTION,
}
"""What the time goes to at whose end a function runs. Messages and links are told by themselves."""


def category_of(call: object) -> Category:
    """What is spent on until `call`, which an NPU schedules."""
    return CATEGORIES.get(function_of(call), Category.OTHER)


def function_of(call: object) -> object:
    """The function that a scheduled call runs; the call itself if it is no function."""
    while isinstance(call, partial):
        call = call.func
    return call.__func__ if isinstance(call, MethodType) else call


def owner_of(call: object) -> object:
    """The object whose method a scheduled call is; None if it is no method."""
    while isinstance(call, partial):
        call = call.func
    return call.__self__ if isinstance(call, MethodType) else None
