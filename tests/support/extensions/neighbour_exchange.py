"""All-gather between neighbours in turn, for an even number of members.

Chen, Zhang, Zhang and Yuan, "Performance evaluation of Allgather algorithms on terascale Linux
cluster with Fast Ethernet", 2005.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from simastra.collectives import Step, StepwiseAlgorithm, exchange
from simastra.trace import CollectiveType


@final
@dataclass(frozen=True, slots=True)
class NeighbourExchange(StepwiseAlgorithm):
    """One's own shard to one neighbour; then to the other and back what the one gave last."""

    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for all-gather only, and for pairs."""
        if collective is not CollectiveType.ALL_GATHER:
            return f"neighbourExchange can't run {collective.name}; it is for ALL_GATHER"
        return f"neighbourExchange pairs NPUs, and {npus} are odd" if npus % 2 else None

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """With the one side and the other in turn."""
        for step in range(npus // 2):
            peer = _peer(npus, position, step)
            yield exchange(peer, _latest(npus, position, step), _latest(npus, peer, step))


def _peer(npus: int, position: int, step: int) -> int:
    side = 1 if (position + step) % 2 == 0 else -1
    return (position + side) % npus


def _latest(npus: int, position: int, step: int) -> Sequence[int]:
    """What a member has to hand on in a step."""
    if step == 0:
        return (position,)
    before = _peer(npus, position, step - 1)
    if step == 1:
        return (position, before)
    return _latest(npus, before, step - 1)
