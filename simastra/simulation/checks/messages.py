"""Sends and receives that don't fit each other, found without simulating."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from simastra.network import Envelope
from simastra.notices import Notice
from simastra.simulation.platform import Platform
from simastra.system.tags import Tags
from simastra.trace import DependencyGraph, NodeType
from simastra.units import Bytes, NpuId
from simastra.workload import Program, ReceiveOperation, SendOperation

from .context import Context
from .halves import PointToPoint, half_notices


def message_notices(context: Context) -> tuple[Notice, ...]:
    """Say which sends have no receive of the same ends, tag and size, and the reverse."""
    tags = Tags(separate=context.rules.dialect.separate_tags)
    balance = _balance(context, tags)
    if not balance:
        return ()
    halves = [
        half
        for npu in sorted({npu for kind in balance for npu in (kind.src, kind.dst)})
        for half in _halves(npu, context.programs[npu], tags)
    ]
    return _left_notices(halves, balance, context.trace.sources)


def custom_message_notices(platform: Platform) -> tuple[Notice, ...]:
    """The same of the ETs of each collective that is played from ETs."""
    notices: list[Notice] = []
    for prefix, graphs in platform.custom.loaded:
        halves = [half for rank, graph in enumerate(graphs) for half in _halves_of_et(rank, graph)]
        balance = Counter(half.envelope for half in halves if half.sends)
        balance.subtract(half.envelope for half in halves if not half.sends)
        sources = [f"{prefix}.{rank}.et" for rank in range(len(graphs))]
        notices += _left_notices(halves, balance, sources)
    return tuple(notices)


def _balance(context: Context, tags: Tags) -> Mapping[Envelope, int]:
    """Of each kind of message that doesn't add up, how many more sends there are than receives."""
    messages = {
        id(program): [
            (operation, tags.of_send(operation.tag))
            for operation in map(program.operations.__getitem__, program.reaching_out)
            if isinstance(operation, SendOperation | ReceiveOperation)
        ]
        for program, _ in context.distinct
    }
    # Plain tuples: a long trace has millions, of which next to nothing is left in the end.
    balance: dict[tuple[int, NpuId, NpuId, Bytes], int] = {}
    for npu, program in enumerate(context.programs):
        for operation, tag in messages[id(program)]:
            if isinstance(operation, SendOperation):
                kind, change = (tag, npu, operation.dst, operation.size), 1
            else:
                kind, change = (tag, operation.src, npu, operation.size), -1
            left = balance.pop(kind, 0) + change
            if left:
                balance[kind] = left
    return {Envelope(*kind): left for kind, left in balance.items()}


def _halves(npu: NpuId, program: Program, tags: Tags) -> Iterator[PointToPoint]:
    """The sends and receives of an NPU."""
    for node, operation in program:
        match operation:
            case SendOperation(dst, size, tag):
                yield PointToPoint(
                    Envelope(tags.of_send(tag), npu, dst, size), npu, node, sends=True
                )
            case ReceiveOperation(src, size, tag):
                yield PointToPoint(
                    Envelope(tags.of_send(tag), src, npu, size), npu, node, sends=False
                )
            case _:
                pass


def _halves_of_et(rank: int, graph: DependencyGraph) -> Iterator[PointToPoint]:
    """The sends and receives of one rank in a collective that is played from ETs."""
    for node in graph.nodes:
        tag, size = node.comm_tag or 0, node.comm_size or 0
        if node.type is NodeType.COMM_SEND and node.comm_dst is not None:
            yield PointToPoint(Envelope(tag, rank, node.comm_dst, size), rank, node, True, "rank")  # noqa: FBT003
        elif node.type is NodeType.COMM_RECV and node.comm_src is not None:
            yield PointToPoint(Envelope(tag, node.comm_src, rank, size), rank, node, False, "rank")  # noqa: FBT003


def _left_notices(
    halves: Sequence[PointToPoint], balance: Mapping[Envelope, int], sources: Sequence[str]
) -> tuple[Notice, ...]:
    """Of each kind of message, the last halves are left: those before have found others."""
    left = {kind: count for kind, count in balance.items() if count}
    sends: list[PointToPoint] = []
    receives: list[PointToPoint] = []
    for half in reversed(halves):
        count = left.get(half.envelope, 0)
        if count > 0 and half.sends:
            sends.append(half)
            left[half.envelope] = count - 1
        elif count < 0 and not half.sends:
            receives.append(half)
            left[half.envelope] = count + 1
    return half_notices(sends[::-1], receives[::-1], sources)
