"""Who takes part in a communication: its group, its root, the ends of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.units import NpuId

from .groups import ProcessGroup
from .names import GROUP_LAST, LEGACY, PARAMETERS, Direction, is_request, peers_named
from .operators import Operator

_PAIR = 2
_ROOT_ARGUMENT = {
    "c10d::broadcast_": 2,
    "c10d::reduce_": 3,
    "c10d::gather_": 3,
    "c10d::scatter_": 3,
}
_PEER_ARGUMENT, _TAG_ARGUMENT = 2, 3
_PARAMETERS_RANK = 3  # of record_param_comms' arguments, the rank in the group


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a communication comes from and goes to.

    Attributes:
        source: sender of a message, or root of a collective; None if it isn't recorded.
        destination: receiver of a message.
    """

    source: NpuId | None
    destination: NpuId | None


def find_ends(
    kind: CollectiveType | Direction,
    chain: Sequence[Operator],
    group: ProcessGroup,
    rank: NpuId | None,
) -> Ends:
    """Return the ends of a communication.

    Args:
        kind: what it is.
        chain: the operator that does it, and its callers that are about communication.
        group: its process group.
        rank: of the process in the whole job, if that is known.
    """
    if isinstance(kind, CollectiveType):
        roots = (_argument(op, _ROOT_ARGUMENT.get(op.name)) for op in chain)
        root = next((root for root in roots if root is not None), None)
        return Ends(None if root is None else group.rank(root), None)
    named = next((peers for op in chain if (peers := peers_named(op.name))), None)
    if named is not None:
        return Ends(group.rank(named.source), group.rank(named.destination))
    position = _of_request(chain, _PEER_ARGUMENT)
    told = next((op.kernel.peer for op in chain if op.kernel.peer is not None), None)
    peer = told if position is None else group.rank(position)
    own = _own_rank(chain, group, position) if rank is None else rank
    return Ends(own, peer) if kind is Direction.SEND else Ends(peer, own)


def find_tag(chain: Sequence[Operator]) -> int:
    """Return the tag of a message, 0 if none is recorded."""
    return _of_request(chain, _TAG_ARGUMENT) or 0


def group_name(operator: Operator) -> str:
    """Return the name of the group that an operator or a kernel is of; "" if it doesn't say."""
    if operator.pg_name:
        return operator.pg_name
    values = operator.inputs.values
    if operator.on_device:  # these are its launcher's
        return ""
    if operator.name == PARAMETERS:
        pairs = (value for value in values if isinstance(value, list) and len(value) == _PAIR)
        texts = (pair[0] for pair in pairs if all(isinstance(word, str) for word in pair))
    elif operator.name.startswith(GROUP_LAST):
        texts = (value for value in reversed(values) if isinstance(value, str))
    else:
        return ""
    return str(next(texts, ""))


def legacy_ranks(operator: Operator) -> tuple[NpuId, ...]:
    """Return the members that ``c10d_functional`` (PyTorch 2.0 to 2.2) lists in place of a name."""
    if not operator.name.startswith(LEGACY):
        return ()
    for value in operator.inputs.values:
        if isinstance(value, list) and value and all(type(rank) is int for rank in value):
            return tuple(rank for rank in value if isinstance(rank, int))
    return ()


def _own_rank(chain: Sequence[Operator], group: ProcessGroup, peer: int | None) -> NpuId | None:
    for operator in chain:
        if operator.name == PARAMETERS:
            position = _argument(operator, _PARAMETERS_RANK)
            if position is not None:
                return group.rank(position)
    # In a group of two the peer tells who one is.
    return group.rank(1 - peer) if peer in {0, 1} and group.size == _PAIR else None


def _of_request(chain: Sequence[Operator], position: int) -> int | None:
    found = (_argument(op, position) for op in chain if is_request(op.name) and not op.on_device)
    return next((value for value in found if value is not None), None)


def _argument(operator: Operator, position: int | None) -> int | None:
    if position is None or position >= len(operator.inputs.values):
        return None
    value = operator.inputs.values[position]
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
