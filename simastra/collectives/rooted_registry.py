"""The trees of rooted collectives by their names in the system JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.suggestions import unknown_name

from .algorithms.rooted_tree import BINOMIAL, KNOMIAL_RADIX, LINEAR, RootedTree
from .registry import UnknownAlgorithm

if TYPE_CHECKING:
    from simastra.collectives.algorithms import knomial_options
    from simastra.collectives.algorithms.knomial_options import KnomialOptions
else:  # few system files tell a tree more than its name
    knomial_options = deferred("simastra.collectives.algorithms.knomial_options")

KNOMIAL = "knomial"
_SMALLEST_RADIX = 2

ROOTED_TREES: Mapping[str, RootedTree] = MappingProxyType(
    {"binomial": BINOMIAL, "linear": LINEAR, KNOMIAL: RootedTree(KNOMIAL_RADIX)}
)
"""Trees by name. A number after ``knomial`` is its radix, as in ``knomial8``."""


def tree_named(name: str) -> RootedTree:
    """Look a tree up.

    Raises:
        UnknownAlgorithm: if there is none of that name, or its radix isn't a number above 1.
    """
    if name in ROOTED_TREES:
        return ROOTED_TREES[name]
    numbered = re.fullmatch(rf"{KNOMIAL}([0-9]{{1,9}})", name)
    if numbered is None:
        raise UnknownAlgorithm(unknown_name("tree", name, ROOTED_TREES))
    radix = int(numbered[1])
    if radix < _SMALLEST_RADIX:
        problem = f"{name!r} has a radix of {radix}; the smallest is 2, as in 'knomial2'"
        raise UnknownAlgorithm(problem)
    return RootedTree(radix)


def tree_options(name: str) -> type[KnomialOptions] | None:
    """The model of what a tree may be told; None if it takes no options."""
    return knomial_options.KnomialOptions if name == KNOMIAL else None
