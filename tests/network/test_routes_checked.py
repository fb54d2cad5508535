"""Routes of topologies of one's own: asked at construction, and at first use."""

import pickle
from typing import Any

import pytest
from support.machines import system

from simastra import (
    ConfigError,
    InputError,
    MiB,
    NetworkConfig,
    Options,
    Simulation,
    Tables,
    TraceBuilder,
)
from simastra.engine import Environment, Probe
from simastra.network import LinkTiming, build_dimensions
from simastra.network.congestion_aware import CongestionAware
from simastra.network.congestion_unaware import CongestionUnaware
from simastra.network.topology import (
    TOPOLOGIES,
    BasicTopology,
    MultiDimTopology,
    RingTopology,
    TopologyEntry,
    check_routes,
)


class Torn(BasicTopology):
    """A row that never leads to the last NPU."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        step = 1 if dst >= src else -1
        return tuple(range(src, min(dst, self.npus - 2) + step, step))


class Nowhere(BasicTopology):
    """A route that stays where it is."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return (src,)


class Outside(BasicTopology):
    """A switch that isn't among the devices."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return (src, self.npus, dst)


class Short(RingTopology):  # type: ignore[misc]  # final for type checkers
    """A ring that takes every way for a single link."""

    def hop_count(self, src: int, dst: int) -> int:
        return 1


class Far(BasicTopology):
    """Sound but for the way from one NPU to one other."""

    wrong = (700, 3)

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return (src, dst) if (src, dst) != self.wrong else (src, dst + 1)


def simulation(kind: type[BasicTopology], npus: int = 4, **options: Any) -> Simulation:
    et = TraceBuilder()
    et.all_to_all("a2a", size=MiB)
    tables = Tables(topologies={**TOPOLOGIES, "Own": kind})
    network = NetworkConfig(topology=["Own"], npus_count=[npus], bandwidth=[50], latency=[500])
    return Simulation(et, system(["direct"]), network, options=Options(tables=tables, **options))


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Torn, "Torn: the route from NPU 0 to NPU 3 ends at device 2, by devices 0, 1, 2; "),
        (Nowhere, "Nowhere: the route from NPU 0 to NPU 1 ends at device 0, where it begins; "),
        (Outside, "the route from NPU 0 to NPU 1 passes device 4, but there are devices 0 to 3"),
        (Short, "Short: the route from NPU 0 to NPU 2 has 2 links, and hop_count is 1"),
    ],
)
def test_a_route_that_does_not_arrive_is_refused_at_construction(
    kind: type[BasicTopology], said: str, backend: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        simulation(kind, backend=backend)
    assert said in str(refused.value)
    assert refused.value.key == "topology[0]"


def test_one_wrong_route_of_millions_is_found_when_it_is_used() -> None:
    topology = Far(2000, LinkTiming(500.0, 50.0))
    check_routes(topology)  # too many to look at all
    for backend in (CongestionAware, CongestionUnaware):
        network = backend(Environment(), topology, Probe())
        network.transfer(3, 700, 8)
        with pytest.raises(InputError, match="from NPU 700 to NPU 3 ends at device 4, by devices"):
            network.transfer(700, 3, 8)


def test_all_routes_of_a_small_one_are_looked_at() -> None:
    class Near(Far):
        wrong = (63, 62)

    with pytest.raises(InputError, match="Near: the route from NPU 63 to NPU 62 ends at device 63"):
        check_routes(Near(64))


def test_what_is_not_connected_is_told() -> None:
    class Jumping(RingTopology):  # type: ignore[misc]
        def hops(self, src: int, dst: int, tag: int = 0) -> Any:
            return super().hops(src, dst)[::-1]

    with pytest.raises(InputError, match="goes on at device 1, but is at device 0"):
        check_routes(Jumping(8))


@pytest.mark.parametrize("npus", [2, 3, 64, 65, 1000])
def test_sound_ones_pass(npus: int) -> None:
    for entry in TOPOLOGIES.values():
        check_routes(entry.build(npus, LinkTiming(1.0, 1.0), None))
    check_routes(MultiDimTopology([RingTopology(npus), RingTopology(2)]))


def test_a_route_begins_at_its_sender() -> None:
    class Empty(BasicTopology):
        def route(self, src: int, dst: int) -> tuple[int, ...]:
            return () if src else (dst, src)

    with pytest.raises(InputError, match="from NPU 0 to NPU 1 begins at device 1"):
        Empty(2).hops(0, 1)
    with pytest.raises(InputError, match="from NPU 1 to NPU 0 passes no device at all"):
        Empty(2).hops(1, 0)


def test_our_own_entries_are_not_checked_in_another_process_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(TOPOLOGIES, "Torn", TopologyEntry(Torn))  # as if tests vouched for it
    config = NetworkConfig(topology=["Torn"], npus_count=[4], bandwidth=[50], latency=[500])
    build_dimensions(config)
    build_dimensions(config, pickle.loads(pickle.dumps(TOPOLOGIES)))
    with pytest.raises(ConfigError, match="route"):
        build_dimensions(config, {"Torn": TopologyEntry(Nowhere)})
