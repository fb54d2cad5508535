"""Dependencies in the making, each with its reason."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class EdgeReason(StrEnum):
    """Why a node waits for another."""

    THREAD = "operators of one thread run in order"
    THREADS = "a thread waits for another"
    LAUNCH = "a kernel runs after its launch"
    STREAM = "kernels of one stream run in order"
    READY = "communication waits for what was launched before it"
    RESULT = "what uses a communicated buffer waits for the communication"
    COLLECTIVES = "collectives of the host run in order"
    SYNC = "the host waits for the device"
    RECORDED = "the linker found that one waits for the other"


class Edges:
    """What each node waits for, in the order in which that was found."""

    def __init__(self) -> None:
        self._needed: dict[int, dict[int, EdgeReason]] = {}

    def add(self, node: int, needs: int, reason: EdgeReason) -> None:
        """Let `node` wait for `needs`; if it does so already, the first reason stays."""
        if node != needs:
            self._needed.setdefault(node, {}).setdefault(needs, reason)

    def remove(self, node: int, needs: int) -> None:
        """Let `node` wait for `needs` no longer."""
        self._needed[node].pop(needs)

    def of(self, node: int) -> tuple[int, ...]:
        """What `node` waits for."""
        return tuple(self._needed.get(node, ()))

    def keep_only(self, nodes: Iterable[int]) -> None:
        """Drop all that concerns other nodes."""
        known = set(nodes)
        self._needed = {
            node: {needs: reason for needs, reason in found.items() if needs in known}
            for node, found in self._needed.items()
            if node in known
        }

    def counts(self) -> dict[EdgeReason, int]:
        """How many there are for each reason."""
        counter = Counter(reason for found in self._needed.values() for reason in found.values())
        return {reason: counter[reason] for reason in EdgeReason if counter[reason]}
