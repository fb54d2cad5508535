"""TraceBuilder: makes the trace of an NPU in a few lines, fit for simastra and for ASTRA-sim.

Each method adds one node and returns it, to be named in a later node's `after`:

>>> from simastra.units import MiB
>>> trace = TraceBuilder()
>>> forward = trace.compute("forward", micros=50)
>>> gradients = trace.all_reduce("gradients", size=4 * MiB, after=forward)
>>> gradients.data_deps
(1,)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.suggestions import unknown_name
from simastra.trace.annotations import ANNOTATED, NOT_ANNOTATED, Annotations
from simastra.trace.attributes import ATTRIBUTES, count, step_total
from simastra.trace.builder_arguments import (
    converted,
    dimensions_of,
    ids_of,
    listed_sizes,
    refusal,
    size_of,
    tensors,
)
from simastra.trace.builder_options import AnnotationOptions, CollectiveOptions
from simastra.trace.durations import duration_of_micros
from simastra.trace.files import write_npus
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId

if TYPE_CHECKING:
    from simastra.trace import shown
else:  # only notebooks ask
    shown = deferred("simastra.trace.shown")

ALL_DIMS = (True,) * 4
"""The involved_dim that stands for "every dimension", on networks of up to 4 dimensions.

ASTRA-sim at hoti2024 needs the attribute on every communication node, at least as long as the
network has dimensions; the later versions take these same four where it is absent
(behaviour 1.9, 7.2 #2 and #14).
"""


class TraceBuilder:
    """The nodes of one NPU, or of every NPU alike, in the making.

    Ids count from 1 in the order of the calls. `after` names the node, or nodes, that must be
    complete before the new one starts. Attributes that a version of ASTRA-sim would otherwise
    read from uninitialised memory, or miss, are given even where they have no effect
    (behaviour 1.9, 7.2 #2, #5 and #6).

    Args:
        npu: the NPU that these nodes are for. Needed for `send` and `recv`, whose nodes name
            both ends; left out for nodes that every NPU has alike.

    Raises:
        TraceError: from every method, where an argument makes no sense; the message names the
            node.
    """

    def __init__(self, npu: NpuId | None = None) -> None:
        self._npu = None if npu is None else converted("constructor", "npu", npu, count)
        self._nodes: list[Node] = []
        self._annotations = NOT_ANNOTATED

    @property
    def npu(self) -> NpuId | None:
        """The NPU that these nodes are for, or None if they are for any."""
        return self._npu

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes added so far, in order."""
        return tuple(self._nodes)

    @property
    def annotations(self) -> Annotations:
        """What is said of the step."""
        return self._annotations

    def annotate(self, **values: Unpack[AnnotationOptions]) -> None:
        """Say something of the whole step, for metrics: tokens, operations, bytes in memory.

        Nothing that is simulated changes by it. For the values see `Annotations`; what was said
        before stays, unless it is said anew.

        >>> trace = TraceBuilder()
        >>> trace.annotate(tokens=4096, model_flops=6 * 4096 * 7_000_000_000)
        >>> trace.annotations.tokens
        4096
        """
        unknown = [name for name in values if name not in ANNOTATED]
        if unknown:
            raise refusal(f"annotate: {unknown_name('value', unknown[0], ANNOTATED)}")
        told: dict[str, int] = {
            name: converted("annotate", name, value, step_total) for name, value in values.items()
        }
        self._annotations = replace(self._annotations, **told)

    def compute(  # noqa: PLR0913 - what a computation may say of itself
        self,
        name: str,
        *,
        micros: float = 0,
        num_ops: int = 0,
        tensor_size: Bytes = 0,
        on_cpu: bool = False,
        after: Node | Iterable[Node] = (),
        purpose: str | None = None,
        reads: Mapping[str, Bytes] | None = None,
        writes: Mapping[str, Bytes] | None = None,
    ) -> Node:
        """Add a computation.

        Args:
            name: for people.
            micros: its duration in microseconds, where durations are replayed; also a fraction,
                which is rounded to whole ns. A file has whole microseconds, which ASTRA-sim reads,
                and for others the ns besides, which count with ``exact_durations``.
            num_ops: its operations, for the roofline model.
            tensor_size: bytes that it touches, for the roofline model.
            on_cpu: whether the host processor executes it.
            after: what must be complete first.
            purpose: what it is for, for statistics (`Purpose`).
            reads: bytes of tensors that it reads, by name. A tensor is in local memory from the
                computation that writes it to the end of the last one that reads it.
            writes: likewise, of tensors that it writes.
        """
        attributes: dict[str, Any] = {
            "is_cpu_op": on_cpu,
            "num_ops": num_ops,
            "tensor_size": tensor_size,
            "purpose": purpose,
            "inputs": tensors(f"COMP {name!r}: reads", reads),
            "outputs": tensors(f"COMP {name!r}: writes", writes),
        }
        return self._add(NodeType.COMP, name, after, attributes, micros)

    def load(self, name: str, *, tensor_size: Bytes, after: Node | Iterable[Node] = ()) -> Node:
        """Add a read of `tensor_size` bytes from remote memory."""
        return self._add(NodeType.MEM_LOAD, name, after, {"tensor_size": tensor_size})

    def store(self, name: str, *, tensor_size: Bytes, after: Node | Iterable[Node] = ()) -> Node:
        """Add a write of `tensor_size` bytes to remote memory."""
        return self._add(NodeType.MEM_STORE, name, after, {"tensor_size": tensor_size})

    def send(
        self,
        name: str,
        *,
        size: Bytes,
        to: NpuId,
        tag: int = 0,
        after: Node | Iterable[Node] = (),
        purpose: str | None = None,
    ) -> Node:
        """Add a message of `size` bytes to NPU `to`; complete when it has arrived there.

        It meets the receiver's `recv` with the same size and tag.
        """
        ends = {"comm_src": self._own_npu(f"COMM_SEND {name!r}", to), "comm_dst": to}
        attributes = {**ends, "comm_size": size, "comm_tag": tag, "purpose": purpose}
        return self._communicate(NodeType.COMM_SEND, name, after, attributes)

    def recv(
        self,
        name: str,
        *,
        size: Bytes,
        source: NpuId,
        tag: int = 0,
        after: Node | Iterable[Node] = (),
        purpose: str | None = None,
    ) -> Node:
        """Add the receipt of a message of `size` bytes from NPU `source`.

        It meets the sender's `send` with the same size and tag.
        """
        ends = {"comm_src": source, "comm_dst": self._own_npu(f"COMM_RECV {name!r}", source)}
        attributes = {**ends, "comm_size": size, "comm_tag": tag, "purpose": purpose}
        return self._communicate(NodeType.COMM_RECV, name, after, attributes)

    def collective(  # noqa: PLR0913 - the nine things that make a collective
        self,
        type: CollectiveType,
        name: str,
        *,
        size: Bytes | None = None,
        dims: Sequence[bool] | None = None,
        priority: int = 0,
        group: int | None = None,
        after: Node | Iterable[Node] = (),
        purpose: str | None = None,
        sizes: Sequence[Bytes] | None = None,
    ) -> Node:
        """Add a collective of any type; the methods below are short for it.

        For the arguments see `CollectiveOptions`.
        """
        here = f"COMM_COLL {name!r}"
        listed = None if sizes is None else listed_sizes(here, sizes)
        attributes: dict[str, Any] = {
            "comm_type": type,
            "comm_sizes": listed,
            "comm_size": size_of(here, type, size, listed),
            "involved_dim": ALL_DIMS if dims is None else dimensions_of(here, dims),
            "comm_priority": priority,
            "purpose": purpose,
        }
        if group is not None:
            attributes["pg_name"] = str(converted(here, "group", group, count))
        return self._communicate(NodeType.COMM_COLL, name, after, attributes)

    def all_reduce(self, name: str, **options: Unpack[CollectiveOptions]) -> Node:
        """Add an all-reduce; `size` is the whole buffer of each NPU."""
        return self.collective(CollectiveType.ALL_REDUCE, name, **options)

    def all_gather(self, name: str, **options: Unpack[CollectiveOptions]) -> Node:
        """Add an all-gather; `size` is the shard that each NPU puts in."""
        return self.collective(CollectiveType.ALL_GATHER, name, **options)

    def reduce_scatter(self, name: str, **options: Unpack[CollectiveOptions]) -> Node:
        """Add a reduce-scatter; `size` is the whole input of each NPU."""
        return self.collective(CollectiveType.REDUCE_SCATTER, name, **options)

    def all_to_all(self, name: str, **options: Unpack[CollectiveOptions]) -> Node:
        """Add an all-to-all; `size` is all that each NPU sends."""
        return self.collective(CollectiveType.ALL_TO_ALL, name, **options)

    def broadcast(self, name: str, **options: Unpack[CollectiveOptions]) -> Node:
        """Add a broadcast, which ASTRA-sim gives no network time (behaviour 2.3)."""
        return self.collective(CollectiveType.BROADCAST, name, **options)

    def write(self, prefix: Path | str, npus: int | None = None) -> list[Path]:
        """Write trace files and return their paths.

        A builder for one NPU writes ``<prefix>.<npu>.et``; leave `npus` out. A builder for any
        NPU writes the same nodes to ``<prefix>.0.et`` and so on, for `npus` NPUs.

        Raises:
            TraceError: `npus` is wrong, or a file can't be written.
        """
        if self._npu is not None:
            if npus is not None:
                raise TraceError(
                    f"this builder is for NPU {self._npu} only; leave npus out, or make one "
                    "builder for each NPU and use write_trace(prefix, Trace.of(builders))"
                )
            return write_npus(prefix, {self._npu: self.nodes}, {self._npu: self.annotations})
        if npus is None or npus < 1:
            raise TraceError(f"npus is {npus}; the number of NPUs, 1 or more, is wanted")
        annotations = dict.fromkeys(range(npus), self.annotations)
        return write_npus(prefix, dict.fromkeys(range(npus), self.nodes), annotations)

    def _repr_html_(self) -> str:
        return shown.nodes_html(self._nodes)

    def _communicate(
        self,
        type: NodeType,
        name: str,
        after: Node | Iterable[Node],
        attributes: dict[str, Any],
    ) -> Node:
        return self._add(type, name, after, {"involved_dim": ALL_DIMS, **attributes})

    def _add(
        self,
        type: NodeType,
        name: str,
        after: Node | Iterable[Node],
        attributes: dict[str, Any],
        micros: float = 0,
    ) -> Node:
        here = f"{type.name} {name!r}"
        if not isinstance(name, str):
            raise refusal(f"{here}: the name must be text")
        fields: dict[str, Any] = {  # keyed by Node's field names; ATTRIBUTES knows the types
            key: converted(here, key, value, ATTRIBUTES[key].convert)
            for key, value in {"is_cpu_op": False, **attributes}.items()
            if value is not None
        }
        node = Node(
            id=len(self._nodes) + 1,  # not 0: files leave that out, and it reads as "no id"
            name=name,
            type=type,
            data_deps=ids_of(here, after, self._nodes),
            duration=converted(here, "micros", micros, duration_of_micros),
            **fields,
        )
        self._nodes.append(node)
        return node

    def _own_npu(self, here: str, other: NpuId) -> NpuId:
        if self._npu is None:
            raise refusal(
                f"{here}: a message names both its ends, so this builder must know its NPU: "
                "make one for each NPU, as in TraceBuilder(npu=0)"
            )
        if self._npu == other:
            raise refusal(f"{here}: NPU {other} is at both ends of the message; name another NPU")
        return self._npu


def _show_keywords() -> None:
    """Give methods for one collective each a signature that names their options, for `help()`."""
    parameters = dict(signature(TraceBuilder.collective).parameters)
    del parameters["type"]
    for method in (
        TraceBuilder.all_reduce,
        TraceBuilder.all_gather,
        TraceBuilder.reduce_scatter,
        TraceBuilder.all_to_all,
        TraceBuilder.broadcast,
    ):
        vars(method)["__signature__"] = Signature([*parameters.values()], return_annotation=Node)


_show_keywords()
