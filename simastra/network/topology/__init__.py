"""The shape of one network dimension: which devices a message passes. No clock here.

To add a topology: one file with a `Topology`, one line in `TOPOLOGIES` (docs/extending.md).
"""

from .base import LineSymmetry, Topology
from .fully_connected import FullyConnected
from .ring import Ring
from .switch import Switch

TOPOLOGIES: dict[str, type[Topology]] = {
    "Ring": Ring,
    "FullyConnected": FullyConnected,
    "Switch": Switch,
}
"""Topologies by their name in the network YAML."""

__all__ = ["TOPOLOGIES", "FullyConnected", "LineSymmetry", "Ring", "Switch", "Topology"]
