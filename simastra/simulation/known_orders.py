"""Orders of events that variants of a simulation share: in which order, not when, things happen."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, final

Order = TypeVar("Order")
Decision = TypeVar("Decision")

_MOST = 4
"""Orders that are kept: those used last."""

_MANY = 8
"""After so many runs in a row with orders of their own, no more are taken down."""


@final
class KnownOrders(Generic[Order]):
    """Orders of events in runs that differ in nothing but the network's rates.

    Variants of a simulation hold one together; threads may use it at once. In a pickle it is empty.
    """

    __slots__ = ("_decided", "_known", "_missed", "_runs")

    def __init__(self) -> None:
        self._known: tuple[tuple[Hashable, Order], ...] = ()
        self._runs = 0
        self._missed = 0
        self._decided: dict[Hashable, Any] = {}

    def decided(self, settings: Hashable, decide: Callable[[], Decision]) -> Decision:
        """What is decided of all these runs alike, once.

        Args:
            settings: what it depends on beside the simulation.
            decide: decides it.
        """
        if settings not in self._decided:
            self._decided[settings] = decide()
        decision: Decision = self._decided[settings]
        return decision

    def are_worth_it(self, runs: int) -> bool:
        """Whether a run's order is worth taking down; called once for each that isn't known.

        Not that of a single run, and no longer where each run has another.

        Args:
            runs: how many runs like this one are made, this one included.
        """
        self._runs += runs
        self._missed += 1
        return self._runs > 1 and self._missed <= _MANY

    def of(self, key: Hashable) -> tuple[Order, ...]:
        """Those of runs that were asked for in the same way, used last first.

        Args:
            key: all but the rates that decides how a run goes.
        """
        return tuple(order for known, order in self._known if known == key)

    def keep(self, key: Hashable, order: Order) -> None:
        """Keep one more."""
        self._known = ((key, order), *self._known)[:_MOST]

    def use(self, key: Hashable, order: Order) -> None:
        """Note that one has been of use."""
        self._missed = 0
        others = (it for it in self._known if it[1] is not order)
        self._known = ((key, order), *others)

    def __reduce__(self) -> tuple[object, ...]:
        return KnownOrders, ()
