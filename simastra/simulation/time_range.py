"""What would pass the end of simulated time, in words: which message, link, node and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from simastra.engine import Agenda, Category, owner_of
from simastra.errors import TimeRangeError
from simastra.network import Message
from simastra.view.ends import device_words
from simastra.workload import (
    Collective,
    MemoryOperation,
    NpuProcess,
    Operation,
    ReplayOperation,
    RooflineOperation,
    SendOperation,
)

_OPERATIONS: Mapping[Category, tuple[type[Operation], ...]] = {
    Category.COMPUTE: (ReplayOperation, RooflineOperation, Collective),
    Category.MEMORY: (MemoryOperation,),
}
"""The operations that spend time on a category; only collectives do on the others."""

_KEYS = {
    Category.COMPUTE: "",
    Category.ENDPOINT: " passing its endpoint (endpoint-delay, or the bus's L, o, g and G)",
    Category.REDUCTION: " reducing (local-mem-bw, or the bus's local-reduction-delay)",
    Category.MEMORY: " accessing remote memory (remote-mem-latency, remote-mem-bw)",
}


def with_reason(error: TimeRangeError, processes: Sequence[NpuProcess]) -> TimeRangeError:
    """The same error, with the reason in words as far as it can be told."""
    call = _scheduled(error.call)
    match owner_of(call):
        case Message() as message:
            what = _message(message, processes)
        case Agenda() as agenda:
            process = next(it for it in processes if it.npu.agenda is agenda)
            spent_on = Category(error.spent_on or Category.OTHER)
            kinds = _OPERATIONS.get(spent_on, (Collective,))
            what = _nodes(process, kinds) + _KEYS.get(spent_on, "")
        case _:
            return error
    return TimeRangeError(error.time, call, what)


def _scheduled(call: object) -> object:
    """What the model scheduled, where an environment that watches has wrapped it."""
    if isinstance(call, partial) and call.args and callable(call.args[-1]):
        return call.args[-1]
    return call


def _message(message: Message, processes: Sequence[NpuProcess]) -> str:
    link = ""
    if message.route:
        at = message.route[message.hop]
        link = f" on link {at.src} -> {at.dst}"
    sender = device_words(message.src)
    if message.src < len(processes):  # no switch that reduces
        sender = _nodes(processes[message.src], (SendOperation, Collective))
    receiver = device_words(message.dst)
    return f"a message of {message.size} bytes from {sender} to {receiver}{link}"


def _nodes(process: NpuProcess, kinds: tuple[type[Operation], ...]) -> str:
    """An NPU, and its nodes under way that are of some kinds."""
    graph, operations = process.program.graph, process.program.operations
    nodes = [
        f"{graph.nodes[index].id} {graph.nodes[index].name!r}"
        for index in sorted(process.running)
        if isinstance(operations[index], kinds)
    ]
    named = f" (node {' or '.join(nodes)})" if nodes else ""
    return f"NPU {process.npu.npu}{named}"
