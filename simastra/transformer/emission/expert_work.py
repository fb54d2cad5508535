"""What an NPU's experts have to do where tokens don't spread evenly over them.

An NPU whose experts are popular gets more tokens: more is sent to it, it computes more, and sends
more back. Weights are as large as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from simastra.trace import Node
from simastra.transformer.expert_load import ExpertLoad
from simastra.transformer.graph import ExpertRole
from simastra.transformer.parallelism import RankMapping
from simastra.units import Bytes, NpuId, micros_to_ns, ns_to_whole_micros

from .draft import Draft

AXIS = "ep"


@dataclass(frozen=True, slots=True)
class ExpertWork:
    """Makes the nodes of NPUs that share experts.

    Attributes:
        placement: of the NPUs.
        load: how much of a layer's tokens each expert gets.
        experts: of each layer.
        token: bytes of a token's vector, which all-to-alls don't cut.
    """

    placement: RankMapping
    load: ExpertLoad
    experts: int
    token: Bytes

    def position(self, npu: NpuId) -> int:
        """An NPU's place among those that share experts with it."""
        return self.placement.line(npu, (AXIS,)).index(npu)

    def own(self, draft: Draft, position: int) -> Node:
        """The node of the NPU at that place."""
        node, parts = draft.node, self.placement.parallelism.degrees[AXIS]
        shares = self.load.shares(draft.layer, self.experts, parts)
        size = node.comm_size or 0
        match draft.role:
            case ExpertRole.DISPATCH:
                sizes = _split(size, self.token, shares)
                return replace(node, comm_size=max(sizes) * parts, comm_sizes=sizes)
            case ExpertRole.COMBINE:
                got = _split(size, self.token, shares)
                sizes = (got[position],) * parts
                return replace(node, comm_size=max(got) * parts, comm_sizes=sizes)
            case _:
                return _scaled(node, draft.fixed, shares[position] * parts)


def _scaled(node: Node, fixed: Bytes, factor: float) -> Node:
    """A computation, or a collective, on so many times the tokens."""
    if node.comm_size is not None:
        return replace(node, comm_size=max(1, round(node.comm_size * factor)))
    exact = round(node.exact_duration * factor)
    duration = micros_to_ns(ns_to_whole_micros(exact))
    return replace(
        node,
        num_ops=max(1, round((node.num_ops or 0) * factor)),
        tensor_size=max(1, fixed + round(((node.tensor_size or 0) - fixed) * factor)),
        duration=duration,
        duration_nanos=None if exact == duration else exact,
    )


@lru_cache(maxsize=4096)
def _split(size: Bytes, token: Bytes, shares: Sequence[float]) -> tuple[Bytes, ...]:
    """Bytes for each, in whole tokens if they come in these: the largest rests get one more."""
    unit = token if size % token == 0 else 1
    wanted = [size // unit * share for share in shares]
    counts = [int(it) for it in wanted]
    rests = sorted(range(len(shares)), key=lambda at: (counts[at] - wanted[at], at))
    for at in rests[: size // unit - sum(counts)]:
        counts[at] += 1
    return tuple(count * unit for count in counts)
