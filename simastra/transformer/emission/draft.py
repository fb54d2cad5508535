"""Drafts: ET nodes as all NPUs of a stage have them, with the places of groups and peers open."""

from dataclasses import dataclass

from simastra.trace import Node, NodeType, Purpose
from simastra.transformer.graph import ExpertRole, Work
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A node that isn't an NPU's yet.

    Attributes:
        node: without pg_name, comm_src and comm_dst.
        label: what its operations or its bytes count as.
        axes: of a collective, those along which it is; empty for other nodes.
        peer: of a message, the stage at its other end; None for other nodes.
        role: what it has to do with experts; None for nothing.
        layer: of a node that has, which layer's.
        fixed: bytes of weights that it touches, however many tokens there are.
    """

    node: Node
    label: Work | Purpose
    axes: tuple[str, ...] = ()
    peer: int | None = None
    role: ExpertRole | None = None
    layer: int = 0
    fixed: Bytes = 0

    @property
    def sends(self) -> bool:
        """Whether this is the sender's side of a message."""
        return self.node.type is NodeType.COMM_SEND
