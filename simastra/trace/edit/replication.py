"""One NPU's trace for all of them."""

from __future__ import annotations

from simastra.errors import TraceError
from simastra.trace.nodes import MESSAGE_TYPES, Node
from simastra.trace.trace import Trace


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


def _names_ends(node: Node, source: str) -> TraceError:
    return TraceError(
        f"{node.name!r} is a {node.type.name}, which names the NPUs at its ends, so the trace "
        "can't be every NPU's; give a trace of collectives and computations, or one for each NPU",
        source=source,
        node=node.id,
    )
