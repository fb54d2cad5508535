"""Topologies derived from others: what they inherit fits the routes that they have."""

import pytest

from simastra.network import LinkTiming
from simastra.network.topology import BasicTopology, FullyConnected, RingTopology, Switch

LINK = LinkTiming(latency=500.0, bytes_per_ns=50.0)


class InARow:
    """Routes of a line, for whatever is derived from it too."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        step = 1 if dst >= src else -1
        return tuple(range(src, dst + step, step))


BASES = [RingTopology, FullyConnected, Switch]


@pytest.mark.parametrize("base", BASES)
def test_who_routes_otherwise_than_its_base_has_its_own_number_of_hops(
    base: type[BasicTopology],
) -> None:
    class Line(base):  # type: ignore[misc, valid-type]
        route = InARow.route

    class Mixed(InARow, base):  # type: ignore[misc, valid-type]
        pass

    class Derived(Line):
        pass

    for kind in (Line, Mixed, Derived):
        line = kind(8, LINK)
        assert line.hop_count(7, 0) == 7
        assert line.path(7, 0) == LinkTiming(7 * 500.0, 50.0)


@pytest.mark.parametrize("base", BASES)
def test_who_routes_as_its_base_does_counts_as_its_base_does(base: type[BasicTopology]) -> None:
    class Same(base):  # type: ignore[misc, valid-type]
        pass

    class Counting(base):  # type: ignore[misc, valid-type]
        route = InARow.route

        def hop_count(self, src: int, dst: int) -> int:
            return abs(dst - src)

    assert Same.hop_count is base.hop_count
    assert "hop_count" in vars(Counting)
    assert Counting(8, LINK).hop_count(7, 0) == 7
