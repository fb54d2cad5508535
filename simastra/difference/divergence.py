"""Where two critical paths first differ, from the start on.

Up to there both runs needed the same things one after another, for the same time. From the start,
since what comes first makes what follows; from the end, the paths of two runs seldom have anything
in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from simastra.explain import ExplanationRecord, SpanRecord
from simastra.units import Ns
from simastra.view.devices import DeviceNames

from .keys import LinkKey, NodeKey, link_of, node_of


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first span in which two critical paths differ.

    Attributes:
        time: when it begins, in ns, in both.
        a: what A's path goes on with; None if it ends there.
        b: what B's goes on with, likewise.
        is_same: whether that is the same thing in both, which takes another time.
        names_a: what A's devices are called.
        names_b: what B's are.
    """

    time: Ns
    a: SpanRecord | None
    b: SpanRecord | None
    is_same: bool
    names_a: DeviceNames
    names_b: DeviceNames

    @property
    def node(self) -> NodeKey | None:
        """The node that it is for: A's, or B's where A's path has ended."""
        span = self.a or self.b
        return None if span is None else node_of(span)

    @property
    def link_a(self) -> LinkKey | None:
        """The link in A."""
        return None if self.a is None else link_of(self.a, self.names_a)

    @property
    def link_b(self) -> LinkKey | None:
        """The link in B."""
        return None if self.b is None else link_of(self.b, self.names_b)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        return {
            "time": self.time,
            "a": None if self.a is None else self.a.to_dict(),
            "b": None if self.b is None else self.b.to_dict(),
        }


def first_divergence(a: ExplanationRecord, b: ExplanationRecord) -> Divergence | None:
    """Where the critical paths first differ in what they need or how long; None if they don't."""
    time = 0
    for one, other in zip_longest(a.path, b.path):
        is_same = _is_same(one, a.device_names, other, b.device_names)
        if not is_same or one.duration != other.duration:
            return Divergence(time, one, other, is_same, a.device_names, b.device_names)
        time = one.end
    return None


def _is_same(
    one: SpanRecord | None, names_a: DeviceNames, other: SpanRecord | None, names_b: DeviceNames
) -> bool:
    if one is None or other is None:
        return False
    return (
        one.category is other.category
        and node_of(one) == node_of(other)
        and one.peer == other.peer
        and link_of(one, names_a) == link_of(other, names_b)
    )
