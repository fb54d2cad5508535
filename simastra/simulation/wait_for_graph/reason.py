"""What one node waits for."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.errors import Cause
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that another NPU has to do first.

    Attributes:
        npu: the NPU.
        node: index in its graph of the node that has to get on, None if it has no such node.
        chunk: number of the stream that has to get on, None if it is the node as a whole.
    """

    npu: NpuId
    node: int | None = None
    chunk: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a node doesn't end.

    Attributes:
        cause: in a word.
        explanation: in a sentence.
        peers: NPUs that it waits for.
        awaited: what the first of them has to do; None where looking at it leads no further.
    """

    cause: Cause
    explanation: str
    peers: tuple[NpuId, ...] = ()
    awaited: Awaited | None = None
