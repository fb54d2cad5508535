"""Which operators communicate, and what: type, bytes, process group, peers, tag.

A collective that PyTorch recorded several times becomes one communication: the kernel if there is
one, else what the backend did, else the request. (Specification: chakra-toolchain.md 2.5, 5.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .groups import ProcessGroup, ProcessGroups
from .names import (
    PARAMETERS,
    Direction,
    is_backend,
    is_communication_kernel,
    is_request,
    kind_named,
    peers_named,
)
from .operators import Json, Operator, size_of
from .read import LinkedTrace

_CALLERS = 5  # how far up a kernel's request is looked for: kernel, backend, parameters, request
_PAIR = 2
_SECOND_ARGUMENT = (
    # Requests whose first argument is the result; the second is what is communicated.
    "allgather",
    "all_gather",
    "reduce_scatter",
    "alltoall",
    "all_to_all",
    "gather_",
    "scatter_",
)
_ROOT_ARGUMENT = {
    "c10d::broadcast_": 2,
    "c10d::reduce_": 3,
    "c10d::gather_": 3,
    "c10d::scatter_": 3,
}
_PEER_ARGUMENT, _TAG_ARGUMENT = 2, 3
_PARAMETERS_RANK = 3  # of record_param_comms' arguments, the rank in the group


@dataclass(frozen=True, slots=True)
class Communication:
    """What one node communicates.

    Attributes:
        operator: which becomes the node: a kernel, or an operator of the host.
        request: what the program asked for, where that is recorded.
        kind: a collective, or one side of a message.
        size: bytes, as an ET counts them (behaviour 2.4).
        group: process group.
        source: sender of a message, or root of a collective; None if it isn't recorded.
        destination: receiver of a message.
        tag: of a message.
    """

    operator: Operator
    request: Operator | None
    kind: CollectiveType | Direction
    size: Bytes
    group: ProcessGroup
    source: NpuId | None
    destination: NpuId | None
    tag: int


@dataclass(frozen=True, slots=True)
class Communications:
    """The communications of a trace.

    Attributes:
        by_id: by the id of the operator that becomes the node.
        unknown: kernels that communicate, but nothing tells what; they are replayed.
        without_group: operators whose group isn't recorded though there are several.
        without_peer: messages whose other side isn't recorded; they are replayed.
    """

    by_id: dict[int, Communication]
    unknown: tuple[int, ...]
    without_group: tuple[int, ...]
    without_peer: tuple[int, ...]


def find_communications(
    trace: LinkedTrace, groups: ProcessGroups, rank: int | None
) -> Communications:
    """Return what a trace communicates.

    Args:
        trace: a linked trace.
        groups: its process groups.
        rank: of the process; None to take what the trace tells.
    """
    finder = _Finder(trace, groups, trace.rank if rank is None else rank)
    for operator in finder.operators_to_convert():
        finder.add(operator)
    return Communications(
        finder.found, tuple(finder.unknown), tuple(finder.without_group), tuple(finder.without_peer)
    )


class _Finder:
    def __init__(self, trace: LinkedTrace, groups: ProcessGroups, rank: int | None) -> None:
        self._trace = trace
        self._by_id = {operator.id: operator for operator in trace.operators}
        self._groups = groups
        self._rank = rank
        self._requests: dict[int, Operator] = {}  # of a backend's operator in another thread
        self.found: dict[int, Communication] = {}
        self.unknown: list[int] = []
        self.without_group: list[int] = []
        self.without_peer: list[int] = []

    def operators_to_convert(self) -> Iterator[Operator]:
        """Of each communication, the operator that is closest to the hardware."""
        kernels = [op for op in self._trace.operators if is_communication_kernel(op)]
        served = {caller.id for kernel in kernels for caller in self._callers(kernel)}
        host = [op for op in self._trace.operators if not op.on_device]
        requests = [op for op in host if is_request(op.name) and op.id not in served]
        backends = [op for op in host if is_backend(op.name) and op.id not in served]
        if kernels:  # what NCCL's kernels do isn't done by the host as well
            backends = [op for op in backends if op.name.startswith("gloo:")]
            twins = [op for op in host if is_request(op.name)]
        else:
            twins = requests
        self._requests = _paired(twins, backends, self._by_id)
        paired = {request.id for request in self._requests.values()}
        yield from kernels
        yield from (op for op in backends if self._is_own_work(op, served))
        yield from (op for op in requests if op.id not in paired)

    def _is_own_work(self, backend: Operator, served: set[int]) -> bool:
        request = self._requests.get(backend.id)
        return request is None or request.id not in served

    def add(self, operator: Operator) -> None:
        """Add the communication of one operator, if it can be told what it is."""
        chain = [operator, *self._callers(operator)]
        if not operator.on_device:  # gloo has no reduce-scatter: it reduces all; the request counts
            chain.sort(key=lambda op: not is_request(op.name))
        kind = next((kind for op in chain if (kind := kind_named(op.name)) is not None), None)
        if kind is None:
            kind = self._kind_of_parameters(chain)
        if kind is None and "sendrecv" in operator.name.lower():
            kind = CollectiveType.ALL_TO_ALL  # Chakra's reading of such a kernel
        if kind is None:
            self.unknown.append(operator.id)
            return
        request = next((op for op in chain if is_request(op.name)), None)
        group = self._group(chain)
        source, destination = self._ends(kind, chain, request, group)
        if isinstance(kind, Direction) and (source is None) | (destination is None):
            self.without_peer.append(operator.id)
            return
        tag = _argument(request, _TAG_ARGUMENT) if isinstance(kind, Direction) else None
        size = 0 if kind is CollectiveType.BARRIER else _size(chain)
        self.found[operator.id] = Communication(
            operator, request, kind, size, group, source, destination, tag or 0
        )

    def _callers(self, operator: Operator) -> list[Operator]:
        """Those of an operator's callers that are about communication, the closest first.

        Some stand between that aren't: linkers hang a kernel on the operator that began last
        before its launch, which may be one that prepared a buffer.
        """
        callers: list[Operator] = []
        for _ in range(_CALLERS):
            parent = self._requests.get(operator.id)
            if parent is None and operator.parent is not None:
                parent = self._by_id.get(operator.parent)
            if parent is None:
                break
            if _communicates(parent):
                callers.append(parent)
            operator = parent
        return callers

    def _kind_of_parameters(self, chain: Sequence[Operator]) -> CollectiveType | Direction | None:
        for operator in chain:
            if operator.name == PARAMETERS:
                for value in operator.inputs.values:
                    kind = kind_named(value) if isinstance(value, str) else None
                    if kind is not None:
                        return kind
        return None

    def _group(self, chain: Sequence[Operator]) -> ProcessGroup:
        for operator in chain:
            name = operator.pg_name or _group_in_parameters(operator)
            if name:
                return self._groups.find(name)
        if len(self._groups.by_name) > 1 and any(
            group.number for group in self._groups.by_name.values()
        ):
            self.without_group.append(chain[0].id)
        return self._groups.find("")

    def _ends(
        self,
        kind: CollectiveType | Direction,
        chain: Sequence[Operator],
        request: Operator | None,
        group: ProcessGroup,
    ) -> tuple[NpuId | None, NpuId | None]:
        if isinstance(kind, CollectiveType):
            name = "" if request is None else request.name
            root = _argument(request, _ROOT_ARGUMENT[name]) if name in _ROOT_ARGUMENT else None
            return (None if root is None else group.rank(root)), None
        named = next((peers for op in chain if (peers := peers_named(op.name))), None)
        if named is not None:
            return group.rank(named.source), group.rank(named.destination)
        position = _argument(request, _PEER_ARGUMENT)
        peer = None if position is None else group.rank(position)
        own = self._own_rank(chain, group, position)
        return (own, peer) if kind is Direction.SEND else (peer, own)

    def _own_rank(
        self, chain: Sequence[Operator], group: ProcessGroup, peer: int | None
    ) -> NpuId | None:
        if self._rank is not None:
            return self._rank
        for operator in chain:
            if operator.name == PARAMETERS:
                position = _argument(operator, _PARAMETERS_RANK)
                if position is not None:
                    return group.rank(position)
        # In a group of two the peer tells who one is.
        return group.rank(1 - peer) if peer in {0, 1} and group.size == _PAIR else None


def _communicates(operator: Operator) -> bool:
    name = operator.name
    return name == PARAMETERS or is_request(name) or is_backend(name) or name.startswith("nccl:")


def _paired(
    requests: Sequence[Operator], backends: Sequence[Operator], by_id: dict[int, Operator]
) -> dict[int, Operator]:
    """Pair each backend's operator with its request, which comes before it in order of calls.

    gloo works in threads of its own, so the operator that called it isn't its parent.
    """
    order = sorted([*requests, *backends], key=lambda op: (op.rf_id or op.id, op.id))
    is_backend_id = {op.id for op in backends}
    pairs: dict[int, Operator] = {}
    waiting: list[Operator] = []
    for operator in order:
        if operator.id not in is_backend_id:
            waiting.append(operator)
            continue
        parent = None if operator.parent is None else by_id.get(operator.parent)
        if parent is not None and parent in waiting:
            waiting.remove(parent)
            pairs[operator.id] = parent
        elif waiting:
            pairs[operator.id] = waiting.pop()
    return pairs


def _argument(operator: Operator | None, position: int) -> int | None:
    if operator is None or position >= len(operator.inputs.values):
        return None
    value = operator.inputs.values[position]
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _group_in_parameters(operator: Operator) -> str:
    if operator.name != PARAMETERS:
        return ""
    for value in operator.inputs.values:
        if (
            isinstance(value, list)
            and len(value) == _PAIR
            and all(isinstance(v, str) for v in value)
        ):
            return str(value[0])
    return ""


def _size(chain: Sequence[Operator]) -> Bytes:
    """Bytes that go in: what the request, else the closest operator with tensors, takes."""
    ordered = sorted(chain, key=lambda op: not (is_request(op.name) and not op.on_device))
    return next((size for op in ordered if (size := _input_size(op))), 0)


def _input_size(operator: Operator) -> Bytes:
    values: Sequence[Json] = operator.inputs.values
    if is_backend(operator.name):
        return size_of(list(values))
    if is_request(operator.name) or operator.on_device:
        tail = operator.name.partition("::")[2]
        second = any(word in tail for word in _SECOND_ARGUMENT) and len(values) >= _PAIR
        if second and size_of(values[1]):
            return size_of(values[1])
    return next((size for value in values if (size := size_of(value))), 0)
