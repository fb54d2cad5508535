"""How many bytes an operator or a kernel communicates, as an ET counts them (behaviour 2.4).

That is what goes in; for a scatter what the root has, which every rank can tell: its share times
the number of ranks. A size that nothing tells is None, which is not 0.
"""

from collections.abc import Iterator, Sequence

from simastra.trace import CollectiveType
from simastra.units import Bytes

from .names import FUNCTIONAL, Direction, is_backend, is_request
from .operators import Json, Operator, has_tensors, size_of
from .split_sizes import is_uneven, splits_of

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
_PAIR = 2


def communicated_size(
    kind: CollectiveType | Direction, chain: Sequence[Operator], members: int
) -> Bytes | None:
    """Return a communication's bytes, None if nothing tells them.

    Args:
        kind: what it is.
        chain: the operator that does it, and its callers that are about communication.
        members: how many take part, 0 if that isn't known.
    """
    if kind is CollectiveType.BARRIER:
        return 0
    if kind is CollectiveType.SCATTER:
        return _scattered(chain, members)
    if kind is CollectiveType.ALL_TO_ALL and is_uneven(chain):
        return max(_sides(chain), default=None)
    return input_size(chain)


def input_size(chain: Sequence[Operator]) -> Bytes | None:
    """What the kernel says; else what the request, or the closest with tensors, takes."""
    told = next((op.kernel.in_size for op in chain if op.kernel.in_size is not None), None)
    if told is not None:
        return told
    ordered = sorted(chain, key=lambda op: not (is_request(op.name) and not op.on_device))
    return next((size for op in ordered if (size := _input_size(op)) is not None), None)


def _input_size(operator: Operator) -> Bytes | None:
    values: Sequence[Json] = operator.inputs.values
    if not has_tensors(list(values)):
        return None
    if is_backend(operator.name):
        return size_of(list(values))
    if (is_request(operator.name) or operator.on_device) and not operator.name.startswith(
        FUNCTIONAL
    ):
        tail = operator.name.partition("::")[2]
        second = any(word in tail for word in _SECOND_ARGUMENT) and len(values) >= _PAIR
        if second and has_tensors(values[1]):
            return size_of(values[1])
    return next(size_of(value) for value in values if has_tensors(value))


def _scattered(chain: Sequence[Operator], members: int) -> Bytes | None:
    """The root's buffer; only the root has it, but all have their share of it."""
    for operator in chain:
        share = operator.kernel.out_size
        if share is None and is_request(operator.name) and not operator.on_device:
            result = operator.inputs.values[:1]
            share = size_of(result[0]) if result and has_tensors(result[0]) else None
        if share is not None:
            return share * members if members else None
    return None


def _sides(chain: Sequence[Operator]) -> Iterator[Bytes]:
    """What goes in, and what comes out, as often as it is told."""
    size = input_size(chain)
    if size is None:
        return
    yield size
    for operator in chain:
        if operator.kernel.out_size is not None:
            yield operator.kernel.out_size
        if is_request(operator.name) and not operator.on_device:
            yield from map(size_of, operator.inputs.values[:_PAIR])
            yield size_of(list(operator.outputs.values))
        sent, received = splits_of(operator) or ((), ())
        if sent and received and sum(sent):
            yield size * sum(received) // sum(sent)
