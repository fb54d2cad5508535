"""A whole trace: the nodes of every NPU. (To load one from files: simastra.trace.loading.)"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.on_demand import OnDemand, kept
from simastra.quick_dataclass import dataclass
from simastra.trace.annotations import NOT_ANNOTATED, Annotations
from simastra.trace.builder import TraceBuilder
from simastra.trace.files import write_npus
from simastra.trace.nodes import Node

if TYPE_CHECKING:
    from simastra.trace import shown
else:  # only notebooks ask
    shown = deferred("simastra.trace.shown")

NodeSource: TypeAlias = TraceBuilder | Iterable[Node]
"""What gives the nodes of one NPU."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What each NPU does.

    Attributes:
        npus: for each NPU its nodes. NPUs with the same nodes share one sequence (``is``), so that
            work on them can be done once. It is a tuple, or an `OnDemand`, which makes nodes as
            they are asked for.
        sources: for each NPU what messages call its nodes: a file name, or "NPU 3".
        annotations: for each NPU what its trace says of the step; empty if none says anything.
        edits: what `simastra.trace.edit` has done to it since it was read or made, in order; files
            say it in their metadata.
    """

    npus: tuple[Sequence[Node], ...]
    sources: tuple[str, ...]
    annotations: tuple[Annotations, ...] = ()
    edits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.npus:
            raise TraceError("there are no NPUs; a trace is for one or more")
        if len(self.npus) != len(self.sources):
            raise TraceError(
                f"there are nodes for {len(self.npus)} NPUs and {len(self.sources)} sources; "
                "one source for each NPU is wanted"
            )
        if self.annotations and len(self.npus) != len(self.annotations):
            raise TraceError(
                f"there are nodes for {len(self.npus)} NPUs and annotations for "
                f"{len(self.annotations)}; those of each NPU are wanted, or none at all"
            )

    @classmethod
    def uniform(cls, nodes: NodeSource, npus: int) -> "Trace":
        """Return the trace in which every one of `npus` NPUs has the same nodes.

        Raises:
            TraceError: `npus` is not positive, or the nodes are a builder's for one particular NPU.
        """
        if npus < 1:
            raise TraceError(f"it is for {npus} NPUs; 1 or more are wanted")
        if isinstance(nodes, TraceBuilder) and nodes.npu is not None:
            raise TraceError(
                f"the builder is for NPU {nodes.npu} only; make one for each NPU and use Trace.of"
            )
        annotations = _annotations([nodes]) * npus
        return cls((_nodes_of(nodes),) * npus, _npu_names(npus), annotations)

    @classmethod
    def of(cls, npus: Sequence[NodeSource]) -> "Trace":
        """Return the trace of these NPUs: for each its nodes, or a builder.

        Raises:
            TraceError: there are no NPUs, or a builder for NPU k is not in position k.
        """
        for npu, nodes in enumerate(npus):
            if isinstance(nodes, TraceBuilder) and nodes.npu not in {None, npu}:
                raise TraceError(
                    f"a builder for NPU {nodes.npu} stands in the place of NPU {npu}; "
                    "give the builders in order of NPU, from 0"
                )
        shared: dict[Sequence[Node], Sequence[Node]] = {}
        given = [_nodes_of(nodes) for nodes in npus]
        # Whoever has them made on demand has a reason not to have all of them made and compared.
        nodes_of_npus = tuple(
            n if isinstance(n, OnDemand) else shared.setdefault(n, n) for n in given
        )
        return cls(nodes_of_npus, _npu_names(len(given)), _annotations(npus))

    @property
    def distinct(self) -> tuple[Sequence[Node], ...]:
        """The nodes of NPUs, once for those that share them, in order of the first."""
        return tuple({id(nodes): nodes for nodes in self.npus}.values())

    def keep(self) -> "Trace":
        """Have each node be one and the same object whenever it is asked for; return the trace.

        Who tells nodes apart by identity, or goes over them again and again, asks for it first.
        """
        for nodes in self.distinct:
            kept(nodes)
        return self

    def _repr_html_(self) -> str:
        return shown.trace_html(self.npus)


def write_trace(prefix: Path | str, trace: Trace) -> list[Path]:
    """Write ``<prefix>.<i>.et`` for every NPU i and return the paths.

    Nothing is written unless all of it can be encoded.

    Raises:
        TraceError: a node can't be written (see `protobuf.encode_nodes`), or a file can't.
    """
    annotations = dict(enumerate(trace.annotations))
    return write_npus(prefix, dict(enumerate(trace.npus)), annotations, trace.edits)


def _nodes_of(nodes: NodeSource) -> Sequence[Node]:
    if isinstance(nodes, OnDemand):
        return nodes
    return nodes.nodes if isinstance(nodes, TraceBuilder) else tuple(nodes)


def _annotations(npus: Sequence[NodeSource]) -> tuple[Annotations, ...]:
    said = tuple(it.annotations if isinstance(it, TraceBuilder) else NOT_ANNOTATED for it in npus)
    return said if any(it != NOT_ANNOTATED for it in said) else ()


def _npu_names(npus: int) -> tuple[str, ...]:
    return tuple(f"NPU {npu}" for npu in range(npus))
