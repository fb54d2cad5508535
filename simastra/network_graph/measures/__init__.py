"""What can be said of a network by its graph alone, with no clock: graph theory.

distances         how many hops NPUs are from each other: the diameter
bisecting         the least bandwidth between halves
oversubscription  tiers of switches, and how much more leads into each than up from it
kinds             how many devices and links there are of each kind
"""

from .bisecting import Bisection, bisection
from .distances import Hops, hops
from .kinds import LinkKind, device_kinds, link_kinds
from .oversubscription import Tier, tier_numbers, tiers

__all__ = [
    "Bisection",
    "Hops",
    "LinkKind",
    "Tier",
    "bisection",
    "device_kinds",
    "hops",
    "link_kinds",
    "tier_numbers",
    "tiers",
]
