"""What the nodes of a trace look like."""

from collections.abc import Mapping

from simastra.trace import NodeType

NODE_TYPES: Mapping[NodeType, str] = {
    NodeType.INVALID: "#d9d9d9",
    NodeType.METADATA: "#f0f0f0",
    NodeType.MEM_LOAD: "#c7e9c0",
    NodeType.MEM_STORE: "#a1d99b",
    NodeType.COMP: "#9ecae1",
    NodeType.COMM_SEND: "#fee391",
    NodeType.COMM_RECV: "#fec44f",
    NodeType.COMM_COLL: "#fdae6b",
}
"""What a node of a trace is filled with, by its type."""

_OTHER = "#c3cbd5"


def node_colour(node_type: NodeType) -> str:
    """What a node of a trace is filled with."""
    return NODE_TYPES.get(node_type, _OTHER)
