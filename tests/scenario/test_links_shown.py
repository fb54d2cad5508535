"""What is shown of links that go down: loads, transmissions, the debugger's words."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from support.machines import network, one_collective, system
from support.recorded_runs import recorded

from simastra.debug import Stepper
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType
from simastra.units import KiB


def simulation(backend: str = "congestion-aware") -> Simulation:
    events = [
        {"links": "0 -> 1", "at": 100, "until": 2000, "down": True},
        {"links": "2 -> 3", "until": 9000, "at": 100, "flap": {"down": 50, "up": 400}},
    ]
    return Simulation(
        one_collective(CollectiveType.ALL_REDUCE, 256 * KiB),
        system(),
        network(("Ring", 4)),
        options=Options(backend=backend),
        scenario=ScenarioConfig.parse({"links": events}),
    )


def test_recorded_loads_are_what_links_were_busy() -> None:
    run = recorded(simulation())
    assert {it.src for it in run.result.link_faults} == {0, 2}
    busy = {(it.src, it.dst): it.busy for it in run.result.links}
    assert {(it.src, it.dst): sum(it.busy.values()) for it in run.records.load.links} == busy
    by_link = defaultdict(list)
    for it in run.records.transmissions.records:
        by_link[it.src, it.dst].append((it.start, it.end))
    for link, times in by_link.items():
        assert sum(end - start for start, end in times) == busy[link]
        assert all(before[1] <= after[0] for before, after in pairwise(times))


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
def test_the_debugger_tells_of_links_and_of_what_is_lost_on_them(backend: str) -> None:
    stepper = Stepper(simulation(backend))
    words: list[str] = []
    while (stop := stepper.step()).time < 3000:
        words.extend(str(event) for event in stop.happened)
    assert "link 0 -> 1 is down (links[0])" in words
    assert "link 0 -> 1 is as usual" in words
    assert any("are lost on link 0 -> 1 (links[0]), and are sent again" in it for it in words)


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
def test_what_was_lost_is_not_on_its_way(backend: str) -> None:
    run = simulation(backend).start()
    run.env.run(until=200)
    assert [it.link for it in run.mailbox.network.held]
    told = str(run.why(1))
    assert "held at link 0 -> 1, which is down (links[0])" in told
