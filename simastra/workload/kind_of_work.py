"""What kind of work a node is, finer than its activity: which pass, which collective, which side.

A collective, a message and an access to memory say so by their attributes. A computation says it
by its purpose, or else by its name; those that this package writes or converts are known
(`_NAMES`), and what tells nothing is just a computation.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, lru_cache

from simastra.trace import CollectiveType, Node, NodeType, Purpose

from .operation import Activity


class KindOfWork(StrEnum):
    """What an NPU does; the values are words for people."""

    FORWARD = "forward"
    BACKWARD = "backward"
    RECOMPUTATION = "recomputation"
    """The forward pass again, in the midst of the backward one (arXiv:1604.06174)."""
    OPTIMIZER = "optimizer"
    COMPUTE = "compute"
    """A computation of which no more is known."""
    HOST = "host"
    """Likewise, on the CPU."""
    ALL_REDUCE = "all-reduce"
    ALL_GATHER = "all-gather"
    REDUCE_SCATTER = "reduce-scatter"
    ALL_TO_ALL = "all-to-all"
    BROADCAST = "broadcast"
    REDUCE = "reduce"
    GATHER = "gather"
    SCATTER = "scatter"
    BARRIER = "barrier"
    SEND = "send"
    RECEIVE = "receive"
    MEMORY = "memory"
    """An access to remote memory."""
    OTHER = "other"
    """Of a type of nodes that isn't known here."""
    IDLE = "idle"
    """Nothing."""


COLLECTIVE_KINDS: Mapping[CollectiveType, KindOfWork] = {
    CollectiveType.ALL_REDUCE: KindOfWork.ALL_REDUCE,
    CollectiveType.REDUCE: KindOfWork.REDUCE,
    CollectiveType.ALL_GATHER: KindOfWork.ALL_GATHER,
    CollectiveType.GATHER: KindOfWork.GATHER,
    CollectiveType.SCATTER: KindOfWork.SCATTER,
    CollectiveType.BROADCAST: KindOfWork.BROADCAST,
    CollectiveType.ALL_TO_ALL: KindOfWork.ALL_TO_ALL,
    CollectiveType.REDUCE_SCATTER: KindOfWork.REDUCE_SCATTER,
    CollectiveType.REDUCE_SCATTER_BLOCK: KindOfWork.REDUCE_SCATTER,
    CollectiveType.BARRIER: KindOfWork.BARRIER,
}
"""By type of collective."""

_BY_TYPE: Mapping[NodeType, KindOfWork] = {
    NodeType.MEM_LOAD: KindOfWork.MEMORY,
    NodeType.MEM_STORE: KindOfWork.MEMORY,
    NodeType.COMM_SEND: KindOfWork.SEND,
    NodeType.COMM_RECV: KindOfWork.RECEIVE,
}

_BY_ACTIVITY: Mapping[str, KindOfWork] = {
    Activity.COMPUTE: KindOfWork.COMPUTE,
    Activity.CPU: KindOfWork.HOST,
    Activity.REMOTE_MEMORY: KindOfWork.MEMORY,
}

_BY_PURPOSE: Mapping[str, KindOfWork] = {
    Purpose.FORWARD: KindOfWork.FORWARD,
    Purpose.BACKWARD: KindOfWork.BACKWARD,
    Purpose.RECOMPUTATION: KindOfWork.RECOMPUTATION,
    Purpose.OPTIMIZER: KindOfWork.OPTIMIZER,
}

# The first that is found counts: an optimizer has gradients, and FWD_IN_BCKWD holds FWD. Words end
# where letters do, so that "gradual" is no gradient; "Backward0" is autograd's.
_NAMES = (
    # Transformers (F0.3.attention; R: computed again), text workloads (COMP_NODE_conv1_FWD).
    (r"^R\d+\.|_FWD_IN_BCKWD$|(?i:recomput)", KindOfWork.RECOMPUTATION),
    (r"(?i:optimi[sz]er|(?<![a-z])(adamw?|sgd|lamb)(?![a-z]))|multi_tensor_apply",
     KindOfWork.OPTIMIZER),
    (r"^B\d+\.|_(IG|WG)$|(?i:backward|bwd|bckwd|[dwb]grad(?![a-z])|"
     r"(?<![a-z])grad(ient)?s?(?![a-z]))", KindOfWork.BACKWARD),
    (r"^F\d+\.|_FWD$|(?i:forward|(?<![a-z])fwd(?![a-z]))", KindOfWork.FORWARD),
)  # fmt: skip
"""Compiled when they are first asked for: most runs don't."""


_MOST_NAMES = 10_000


def kind_of_work(node: Node, activity: str) -> KindOfWork:
    """What kind of work a node is.

    Args:
        node: it.
        activity: what an NPU spends its time on, as `OperationRules.activity` says.

    >>> kind_of_work(Node(1, "B3.7.attention", NodeType.COMP), Activity.COMPUTE).value
    'backward'
    """
    return kind_of_facts(node.type, node.name, node.purpose, node.comm_type, activity)


def kind_of_facts(
    node_type: NodeType,
    name: str,
    purpose: str | None,
    collective: CollectiveType | None,
    activity: str,
) -> KindOfWork:
    """The same, for who has a node's type, name, purpose and comm_type, and not the node."""
    kind = _BY_TYPE.get(node_type)
    if kind is not None:
        return kind
    if activity == Activity.COMMUNICATION:
        kind = None if collective is None else COLLECTIVE_KINDS.get(collective)
        return kind or KindOfWork.OTHER
    plain = _BY_ACTIVITY.get(activity, KindOfWork.OTHER)
    if plain is KindOfWork.OTHER:
        return plain
    told = None if purpose is None else _BY_PURPOSE.get(purpose)
    if told is not None:
        return told
    # Which digits a name ends with tells nothing: most names of a long trace differ in no more.
    stem = name.rstrip("0123456789")
    return _told_by_name(name if stem == name else stem + "0") or plain


@lru_cache(_MOST_NAMES)
def _told_by_name(name: str) -> KindOfWork | None:
    return next((kind for search, kind in _searches() if search(name)), None)


@cache
def _searches() -> tuple[tuple[Callable[[str], object], KindOfWork], ...]:
    return tuple((re.compile(pattern, re.ASCII).search, kind) for pattern, kind in _NAMES)
