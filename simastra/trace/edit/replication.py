"""One NPU's trace for all of them."""

from __future__ import annotations

from dataclasses import replace

from simastra.errors import TraceError
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import WORLD
from simastra.trace.nodes import MESSAGE_TYPES, Node, NodeType
from simastra.trace.trace import Trace
from simastra.units import NpuId


def replicate(trace: Trace, npus: int) -> Trace:
    """Let each of `npus` NPUs do what the first one of a trace does.

    Args:
        trace: of one NPU, or more; only the first counts.
        npus: how many there are then.

    Raises:
        TraceError: there are fewer than 1; or the trace has messages, which name their ends.
    """
    if npus < 1:
        raise TraceError(f"it is for {npus} NPUs; 1 or more are wanted", source="replicate")
    nodes, source = trace.npus[0], trace.sources[0]
    message = next((it for it in nodes if it.type in MESSAGE_TYPES), None)
    if message is not None:
        raise _names_ends(message, source)
    made = Trace((nodes,) * npus, (source,) * npus, trace.annotations[:1] * npus)
    if npus == len(trace.npus) and made.npus == trace.npus:
        return trace
    edits = (*trace.edits, f"replicate {npus}")
    return Trace(made.npus, made.sources, made.annotations, edits)


def replicate_grouped(given: Grouped, npus: int) -> Grouped:
    """As `replicate`, with process groups: one of all NPUs is one of all NPUs then.

    Raises:
        TraceError: as of `replicate`; or a collective of the first NPU is in a group of some NPUs
            only.
    """
    trace, groups = replicate(given.trace, npus), given.of_trace()
    if trace is given.trace:
        return given
    # What a trace lists itself stays, and goes before what is listed beside it.
    everybody = set(range(npus if groups.lists_groups(0) else len(given.trace.npus)))
    named: dict[int, tuple[NpuId, ...]] = {}
    for node in given.trace.npus[0]:
        number = groups.number(0, node) if node.type is NodeType.COMM_COLL else WORLD
        if number != WORLD and set(groups.of(0)[number]) != everybody:
            raise TraceError(
                f"{node.name!r} is in process group {number}, which isn't of all NPUs, so what it "
                "is on others isn't known; resize it, or give each NPU its own trace",
                source=given.trace.sources[0],
                node=node.id,
            )
        if number != WORLD:
            named[number] = tuple(range(npus))
    return replace(given, trace=trace, groups=named, shape=None)


def _names_ends(node: Node, source: str) -> TraceError:
    return TraceError(
        f"{node.name!r} is a {node.type.name}, which names the NPUs at its ends, so the trace "
        "can't be every NPU's; give a trace of collectives and computations, or one for each NPU",
        source=source,
        node=node.id,
    )
