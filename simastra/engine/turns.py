"""What ends in one nanosecond, told in an order that depends on nothing but what it is.

By itself, whichever of two events of a nanosecond was scheduled first comes first, as in ASTRA-sim;
that goes back to the numbers of NPUs. Where times are measured ones, nothing is to be reproduced
there, and NPUs that are alike are to stay alike, whatever their numbers.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import Any

from simpy.events import Event

from .calls import Call
from .completion import NextOf
from .environment import Environment


class Turns:
    """Tells of ends at the end of their nanosecond, by place, and by item of each place.

    What follows at once in the same nanosecond has a further round.

    Args:
        env: the environment.

    Attributes:
        rounds: how many there have been.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.rounds = 0
        self._ended: list[tuple[tuple[int, Any], Call]] = []

    def add(self, place: int, item: Any, call: Call) -> None:
        """Call `call` when it is its turn."""
        if not self._ended:
            self.env.call_last(self._run)
        self._ended.append(((place, item), self.env.following(place, call)))

    def says(self, _call: object) -> str:
        """What a call that it has scheduled does, in words."""
        return "NPUs go on whose nodes have ended"

    def _run(self) -> None:
        self.rounds += 1
        ended, self._ended = self._ended, []
        for _, call in sorted(ended, key=itemgetter(0)):
            call()


class NextInTurn(NextOf):
    """As its base class, but what happens in one nanosecond is delivered in turns.

    Args:
        turns: of all who wait so.
        place: of who waits.
    """

    def __init__(self, turns: Turns, place: int) -> None:
        super().__init__(turns.env)
        self._turns = turns
        self._place = place

    def _deliver(self, item: Any, event: Event) -> None:
        self._turns.add(self._place, item, partial(self._deliver_now, item, event))

    def _deliver_now(self, item: Any, event: Event) -> None:
        super()._deliver(item, event)
