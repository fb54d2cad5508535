"""The examples of Chakra's generator (docs/chakra.md 2.8), each a trace of its own.

They have its names, nodes and sizes. What is different serves to run them: attributes are those
that every version of ASTRA-sim reads, ids start from 1 in each, and the lone send and the lone
receive, which nobody meets, are one example in which each NPU sends to the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class ExampleSizes:
    """Numbers that the examples have in common; the defaults are Chakra's.

    Attributes:
        npus: number of NPUs.
        micros: duration of a computation, in whole microseconds.
        tensor_size: bytes of a memory access.
        comm_size: bytes of a communication.
    """

    npus: int = 64
    micros: int = 5
    tensor_size: Bytes = 1024
    comm_size: Bytes = 65536


def examples(sizes: ExampleSizes) -> dict[str, Trace]:
    """Return the examples by name.

    Raises:
        TraceError: a number is out of its range.
    """
    made = {name: make(sizes) for name, make in _EXAMPLES.items()}
    for kind in _COLLECTIVES:
        made[kind.name] = _collective(kind, sizes)
    return made


def _metadata(sizes: ExampleSizes) -> Trace:
    node = Node(1, "METADATA_NODE", NodeType.METADATA, is_cpu_op=True)
    return Trace.uniform([node], sizes.npus)


def _load(sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    builder.load("MEM_LOAD_NODE", tensor_size=sizes.tensor_size)
    return Trace.uniform(builder, sizes.npus)


def _store(sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    builder.store("MEM_STORE_NODE", tensor_size=sizes.tensor_size)
    return Trace.uniform(builder, sizes.npus)


def _one_computation(sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    builder.compute("COMP_NODE", micros=sizes.micros)
    return Trace.uniform(builder, sizes.npus)


def _independent(sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    for _ in range(2):
        builder.compute("COMP_NODE", micros=sizes.micros)
    return Trace.uniform(builder, sizes.npus)


def _dependent(sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    first = builder.compute("COMP_NODE", micros=sizes.micros)
    builder.compute("COMP_NODE", micros=sizes.micros, after=first)
    return Trace.uniform(builder, sizes.npus)


def _messages(sizes: ExampleSizes) -> Trace:
    builders = []
    for npu in range(sizes.npus):
        builder = TraceBuilder(npu)
        if sizes.npus > 1:
            # The send has the lower id: it must not wait behind the receive (hoti2024).
            builder.send("COMM_SEND_NODE", size=sizes.comm_size, to=(npu + 1) % sizes.npus)
            builder.recv("COMM_RECV_NODE", size=sizes.comm_size, source=(npu - 1) % sizes.npus)
        builders.append(builder)
    return Trace.of(builders)


def _collective(kind: CollectiveType, sizes: ExampleSizes) -> Trace:
    builder = TraceBuilder()
    size = 0 if kind is CollectiveType.BARRIER else sizes.comm_size
    builder.collective(kind, kind.name, size=size)
    return Trace.uniform(builder, sizes.npus)


_EXAMPLES: Mapping[str, Callable[[ExampleSizes], Trace]] = MappingProxyType(
    {
        "one_metadata_node": _metadata,
        "one_remote_mem_load_node": _load,
        "one_remote_mem_store_node": _store,
        "one_comp_node": _one_computation,
        "two_comp_nodes_independent": _independent,
        "two_comp_nodes_dependent": _dependent,
        "one_comm_send_node_one_comm_recv_node": _messages,
    }
)

_COLLECTIVES = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_TO_ALL,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.BROADCAST,
    CollectiveType.BARRIER,
)
