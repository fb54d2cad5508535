"""Which operators communicate, and what: type, bytes, process group, peers, tag.

A collective that PyTorch recorded several times becomes one communication: the kernel if there is
one, else what the backend did, else the request. (docs/chakra.md 2.5, 2.10.)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from simastra.trace import CollectiveType
from simastra.units import Bytes

from .communications import Communication, Communications
from .groups import DEFAULT_NAMES, ProcessGroup, ProcessGroups
from .names import (
    PARAMETERS,
    Direction,
    is_backend,
    is_communication_kernel,
    is_request,
    kernel_kind,
    kind_named,
)
from .operators import NO_VALUES, Operator
from .participants import find_ends, find_tag, group_name, legacy_ranks
from .read import LinkedTrace
from .requests import Requests
from .sizes import communicated_size, input_size
from .split_sizes import is_uneven, member_sizes

_CALLERS = 8  # how far up a kernel's request is looked for: kernel, backend, parameters, requests


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
        finder.found,
        finder.replayed,
        frozenset(finder.absorbed),
        tuple(finder.unknown),
        tuple(finder.without_size),
        tuple(finder.guessed_size),
        tuple(finder.without_group),
        tuple(finder.without_peer),
    )


class _Finder:
    def __init__(self, trace: LinkedTrace, groups: ProcessGroups, rank: int | None) -> None:
        self._trace = trace
        self._groups = groups
        self._rank = rank
        self._requests = Requests(trace.operators)
        self._paired: dict[int, Operator] = {}  # requests of a backend's operators
        self._launches = Counter(op.parent for op in trace.operators if op.on_device)
        self.found: dict[int, Communication] = {}
        self.replayed: dict[int, Communication] = {}
        self.absorbed: set[int] = set()
        self.unknown: list[int] = []
        self.without_size: list[int] = []
        self.guessed_size: list[int] = []
        self.without_group: list[int] = []
        self.without_peer: list[int] = []

    def operators_to_convert(self) -> Iterator[Operator]:
        """Of each communication, the operator that is closest to the hardware."""
        kernels = [op for op in self._trace.operators if is_communication_kernel(op)]
        callers = [caller for kernel in kernels for caller in self._callers(kernel)]
        served = {caller.id for caller in callers}
        served |= {outer.id for op in callers if (outer := self._requests.of(op)) is not None}
        host = [op for op in self._trace.operators if not op.on_device]
        backends = [op for op in host if is_backend(op.name) and op.id not in served]
        if kernels:  # what NCCL's kernels do isn't done by the host as well
            backends = [op for op in backends if op.name.startswith("gloo:")]
        self._paired = self._requests.paired(backends)
        yield from kernels
        yield from self._own_work(backends, served)
        done = served | {request.id for request in self._paired.values()}
        yield from (op for op in self._requests.outermost if op.id not in done)

    def _own_work(self, backends: Sequence[Operator], served: set[int]) -> Iterator[Operator]:
        """The backend's operators that no kernel stands for; of several for a request, the last."""
        last: dict[int, Operator] = {}
        for backend in backends:
            request = self._paired.get(backend.id)
            if request is None:
                yield backend
            elif request.id not in served:
                earlier = last.get(request.id)
                if earlier is not None:
                    self.absorbed.add(earlier.id)
                last[request.id] = backend
        yield from last.values()

    def add(self, operator: Operator) -> None:
        """Add the communication of one operator, if it can be told what it is."""
        callers = self._callers(operator)
        chain = [operator, *callers]
        if not operator.on_device:  # gloo has no reduce-scatter: it reduces all; the request counts
            chain.sort(key=lambda op: not is_request(op.name))
        kind = self._kind(operator, chain)
        if kind is None:
            self.unknown.append(operator.id)
            return
        request = next((op for op in (*callers, operator) if is_request(op.name)), None)
        group = self._group(chain)
        size = self._size(operator, callers, kind, group)
        ends = find_ends(kind, chain, group, self._rank)
        is_message = isinstance(kind, Direction)
        if size is None or (is_message and None in {ends.source, ends.destination}):
            (self.without_size if size is None else self.without_peer).append(operator.id)
            self._replay(operator, request, kind, group)
            return
        sizes = self._member_sizes(operator, chain, kind, group)
        may_differ = kind is CollectiveType.ALL_TO_ALL and is_uneven(chain)
        self.found[operator.id] = Communication(
            operator,
            request,
            kind,
            size,
            group,
            ends.source,
            ends.destination,
            find_tag(chain) if is_message else 0,
            uneven=may_differ and sizes is None,
            sizes=sizes,
        )

    def _replay(
        self,
        operator: Operator,
        request: Operator | None,
        kind: CollectiveType | Direction,
        group: ProcessGroup,
    ) -> None:
        if is_backend(operator.name):  # of others, it isn't known when they communicated
            self.replayed[operator.id] = Communication(
                operator, request, kind, 0, group, None, None, 0, uneven=False
            )

    def _kind(
        self, operator: Operator, chain: Sequence[Operator]
    ) -> CollectiveType | Direction | None:
        kind = kernel_kind(operator.name) if operator.on_device else None
        if kind is None and operator.kernel.collective:
            kind = kind_named(operator.kernel.collective)
        if kind is None:
            kind = next((kind for op in chain if (kind := kind_named(op.name)) is not None), None)
        if kind is None:
            kind = self._kind_of_parameters(chain)
        if kind is None and "sendrecv" in operator.name.lower():
            return CollectiveType.ALL_TO_ALL  # Chakra's reading of such a kernel
        return kind

    def _size(
        self,
        operator: Operator,
        callers: Sequence[Operator],
        kind: CollectiveType | Direction,
        group: ProcessGroup,
    ) -> Bytes | None:
        members = operator.kernel.group_size or group.size or self._trace.world_size
        if operator.on_device and not callers:
            size = communicated_size(
                kind, [replace(operator, inputs=NO_VALUES, outputs=NO_VALUES)], members
            )
            if size is None and self._launches[operator.parent] == 1:
                size = communicated_size(kind, [operator], members)
                if size is not None:
                    self.guessed_size.append(operator.id)
            return size
        return communicated_size(kind, [operator, *callers], members)

    def _member_sizes(
        self,
        operator: Operator,
        chain: Sequence[Operator],
        kind: CollectiveType | Direction,
        group: ProcessGroup,
    ) -> tuple[Bytes, ...] | None:
        if isinstance(kind, Direction):
            return None
        members = operator.kernel.group_size or group.size
        return member_sizes(kind, chain, input_size(chain), members)

    def _callers(self, operator: Operator) -> list[Operator]:
        """Those of an operator's callers that are about communication, the closest first.

        Some stand between that aren't: linkers hang a kernel on the operator that began last
        before its launch, which may be one that prepared a buffer.
        """
        around = islice(self._requests.callers(operator), _CALLERS)
        callers = [caller for caller in around if _communicates(caller)]
        request = self._paired.get(operator.id)
        if request is None:
            return callers
        parameters = [caller for caller in callers if caller.name == PARAMETERS]
        return [*parameters, *self._requests.parts(request)]

    def _kind_of_parameters(self, chain: Sequence[Operator]) -> CollectiveType | Direction | None:
        for operator in chain:
            if operator.name == PARAMETERS:
                for value in operator.inputs.values:
                    kind = kind_named(value) if isinstance(value, str) else None
                    if kind is not None:
                        return kind
        return None

    def _group(self, chain: Sequence[Operator]) -> ProcessGroup:
        name = next((name for op in chain if (name := group_name(op))), "")
        if name in self._groups.by_name or name in DEFAULT_NAMES:
            return self._groups.find(name)
        ranks = next((ranks for op in chain if (ranks := legacy_ranks(op))), None)
        listed = None if ranks is None else self._groups.of_members(ranks)
        if listed is not None:
            return listed
        if self._groups.are_several:
            self.without_group.append(chain[0].id)
        return self._groups.find(name)


def _communicates(operator: Operator) -> bool:
    name = operator.name
    return name == PARAMETERS or is_request(name) or is_backend(name) or name.startswith("nccl:")
