"""What the nodes of a trace look like."""

from collections.abc import Mapping

from simastra.trace import NodeType
from simastra.view.colours import paler
from simastra.workload.kind_of_work import KindOfWork

from .kinds import KINDS


def _pale(kind: KindOfWork, part: float = 0.5) -> str:
    return paler(KINDS[kind].light, part)


NODE_TYPES: Mapping[NodeType, str] = {
    NodeType.INVALID: _pale(KindOfWork.IDLE),
    NodeType.METADATA: _pale(KindOfWork.IDLE, 0.85),
    NodeType.MEM_LOAD: _pale(KindOfWork.MEMORY, 0.75),
    NodeType.MEM_STORE: _pale(KindOfWork.MEMORY),
    NodeType.COMP: _pale(KindOfWork.COMPUTE),
    NodeType.COMM_SEND: _pale(KindOfWork.SEND),
    NodeType.COMM_RECV: _pale(KindOfWork.RECEIVE),
    NodeType.COMM_COLL: _pale(KindOfWork.ALL_REDUCE),
}
"""What a node of a trace is filled with, by its type: a pale form of its kind of work's colour."""


def node_colour(node_type: NodeType) -> str:
    """What a node of a trace is filled with."""
    return NODE_TYPES.get(node_type, _pale(KindOfWork.OTHER))
