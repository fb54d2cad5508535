"""The network on the page: what devices are called, the heat map, squares and curves."""

import pytest
from support.machines import network, system
from support.made_runs import made_records, made_result, node, two_npus
from support.pages import page_of, paths, simulation_on, text_of
from support.recorded_runs import collective_on, two_senders

from simastra.errors import DeadlockError
from simastra.report.page.heat import MOST_LINKS
from simastra.report.page.places import LinkPlace, Places
from simastra.report.run_records import LinkLoad, RunRecorder
from simastra.result import LinkRecord
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder


def test_switches_are_called_by_their_dimension() -> None:
    places = Places(simulation_on(("Switch", 4), ("Ring", 2), ("Switch", 3)))
    # 24 NPUs; 6 lines along dimension 0, none of switches along 1, 8 lines along 2.
    assert places.device(23) == "NPU 23"
    assert places.device(24) == "switch 0 of dimension 0"
    assert places.device(29) == "switch 5 of dimension 0"
    assert places.device(30) == "switch 0 of dimension 2"
    assert places.device(37) == "switch 7 of dimension 2"
    assert Places(simulation_on(("Switch", 4))).device(4) == "switch 4"


def test_links_have_their_place_in_a_dimension() -> None:
    places = Places(simulation_on(("Switch", 4), ("Ring", 2), ("Switch", 3)))
    # NPU 13 stands at (1, 1, 1).
    assert places.link(13, 24) == LinkPlace(0, 3, 1, up=True)
    assert places.link(24, 13) == LinkPlace(0, 3, 1, up=False)
    assert places.link(13, 9) == LinkPlace(1, 5, 1, up=True)
    assert places.link(13, 31) == LinkPlace(2, 5, 1, up=True)


def decoded(busy: str) -> list[int]:
    return [int(busy[at : at + 2], 36) for at in range(0, len(busy), 2)]


def test_the_heat_map_is_in_per_mille_of_a_bin() -> None:
    heat = page_of(*two_npus()).data["heat"]
    assert (heat["width"], heat["bins"], heat["total"]) == (300, 4, 2)
    first, second = heat["links"]
    assert (first["from"], first["to"]) == ("switch 2", "NPU 1")
    assert (decoded(first["busy"]), first["queue"]) == ([0, 333, 133, 0], [0, 83, 3])
    assert (decoded(second["busy"]), second["queue"]) == ([0, 333, 110, 0], [])


def test_the_heat_map_holds_the_use_of_each_link_over_time() -> None:
    run = two_senders()
    heat = page_of(run.result, run.records, run.simulation).data["heat"]
    down = heat["links"][0]
    assert (down["from"], down["to"]) == ("switch 3", "NPU 2")
    assert sum(decoded(down["busy"])) * heat["width"] == pytest.approx(5000 * 1000, rel=0.01)
    assert sum(down["queue"]) * heat["width"] == pytest.approx(2500 * 100, rel=0.02)


@pytest.mark.parametrize(("part", "shown"), [(0, 0), (1, 0), (2, 1), (1300, 501), (2594, 1000)])
def test_a_bin_that_is_busy_throughout_is_busy_for_1000_per_mille(part: int, shown: int) -> None:
    load = (2594, 1, [LinkLoad(0, 1, {0: part}, {})])
    (link,) = page_of(made_result([], []), made_records(2, load=load)).data["heat"]["links"]
    assert decoded(link["busy"]) == [shown]


def test_of_many_links_the_busiest_are_in_the_heat_map() -> None:
    loads = [LinkLoad(it % 2, it, {0: 1 + it}, {}) for it in range(1, MOST_LINKS + 2)]
    result = made_result([], [], links=[LinkRecord(0, 1, 1, 1, 1)])
    page = page_of(result, made_records(2, load=(500, 1, loads)))
    assert len(page.data["heat"]["links"]) == MOST_LINKS
    note = f"The {MOST_LINKS} busiest of {MOST_LINKS + 1} links are shown. "
    assert any(it.startswith(note) for it in page.notes("links"))
    assert decoded(page.data["heat"]["links"][-1]["busy"]) == [6]  # 3 of 500 ns


@pytest.mark.parametrize(
    ("use", "colour", "width"), [(0, "#ffedbe", 1), (400, "#fd8d3c", 2.2), (800, "#960026", 3.4)]
)
def test_a_link_has_the_colour_of_its_use_beside_the_busiest(
    use: int, colour: str, width: float
) -> None:
    links = [LinkRecord(0, 1, use, 12_345, 6), LinkRecord(1, 0, 800, 1, 1)]
    result = made_result([node(1, 0, 1000)], [], links=links)
    load = (1000, 1, [LinkLoad(0, 1, {0: use}, {})])
    drawn = paths(page_of(result, made_records(2, load=load)))
    (path,) = (it for it in drawn if text_of(it).startswith("NPU 0"))
    assert path.attrib["stroke"] == colour
    assert float(path.attrib["stroke-width"]) == width
    assert text_of(path) == (
        f"NPU 0 to NPU 1: busy {use / 10:.1f} % of the time, 12,345 bytes, 6 messages"
    )


def test_a_network_of_more_than_16_npus_is_shown_line_by_line() -> None:
    run = collective_on(("Ring", 4), ("Switch", 5), algorithms=("ring", "ring"))
    page = page_of(run.result, run.records, run.simulation)
    titles = [it.text for it in page.sections["links"].iter("h4")]
    assert titles == ["Dimension 0: Ring of 4", "Dimension 1: Switch of 5"]
    pictures = list(page.sections["links"].iter("svg"))
    assert [it.attrib["aria-label"] for it in pictures] == [
        "use of links from NPUs: 4 rows, 5 columns",
        "use of links from NPUs: 4 rows, 5 columns",
        "use of links to NPUs: 4 rows, 5 columns",
    ]
    assert [len(list(it.iter("rect"))) for it in pictures] == [20, 20, 20]
    words = text_of(next(pictures[1].iter("title")))
    assert words.startswith("NPU 0 to switch 0 of dimension 1: busy ")
    darkest = [it for it in page.sections["links"].iter("rect") if it.attrib["fill"] == "#960026"]
    busiest = max(it.busy for it in run.result.links)
    assert len(darkest) == len({it.src for it in run.result.links if it.busy == busiest}) == 20


def test_a_small_network_is_shown_so_too_where_devices_would_lie_on_others() -> None:
    run = collective_on(("Switch", 8), ("Switch", 2), algorithms=("ring", "ring"))
    page = page_of(run.result, run.records, run.simulation)
    titles = [it.text for it in page.sections["links"].iter("h4")]
    assert titles == ["Dimension 0: Switch of 8", "Dimension 1: Switch of 2"]


def test_of_no_network_the_page_says_so() -> None:
    page = page_of(made_result([], [], finishes=[]), made_records(2))
    assert page.notes("links")[0].startswith("No link was used")


def test_what_an_unfinished_run_did_counts_until_it_stood_still() -> None:
    sender, waiting = TraceBuilder(0), TraceBuilder(1)
    sent = sender.send("sent", size=4096, to=1)
    sender.recv("never sent", size=64, source=1, after=sent)
    got = waiting.recv("sent", size=4096, source=0)
    waiting.recv("nor this", size=64, source=0, after=got)
    simulation = Simulation(Trace.of([sender, waiting]), system(), network(("Ring", 2)))
    recorder = RunRecorder(simulation)
    live = simulation.start(probes=[recorder])
    with pytest.raises(DeadlockError) as caught:
        live.run()
    result = live.result()
    page = page_of(result, recorder.records(), simulation, deadlock=caught.value)
    (link,) = result.links
    (row,) = page.table("link-table").rows
    assert caught.value.time
    assert row[4] == pytest.approx(link.busy / caught.value.time, abs=1e-6)
    assert row[4] > 0.1
    assert f"the busiest link, {100 * row[4]:.1f} % of the time" in page.notes("links")[1]
    assert {it[2] for it in page.table("under-way-table").rows} == {None}
    assert " · 2 nodes finished · " in page.html
    assert caught.value.likely_cause == "missing send"
    assert "<p><b>Likely cause: </b>missing send.</p>" in page.html
