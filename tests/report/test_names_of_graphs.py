"""Devices of a graph are called as its file calls them, wherever a simulation shows one."""

import json
from pathlib import Path

import pytest
from support.graphs import four_and_six, on_four_and_six, run_on_four_and_six
from support.machines import network
from support.pages import Page, page_of
from support.recorded_runs import Run, collective_on

from simastra.report.data_tables.tables import link_table
from simastra.report.network_layouts import layout_of
from simastra.report.page.places import Places
from simastra.report.result_files import read_result
from simastra.report.run_timeline import run_timeline
from simastra.view.network import Canvas


@pytest.fixture(scope="module")
def run() -> Run:
    return run_on_four_and_six()


@pytest.fixture(scope="module")
def page(run: Run) -> Page:
    return page_of(run.result, run.records, run.simulation)


def test_links_of_a_result_say_what_their_ends_are_called(run: Run) -> None:
    links = run.result.to_dict()["links"]
    up = next(it for it in links if (it["src"], it["dst"]) == (0, 10))
    assert (up["from"], up["to"]) == ("NPU 0", "switch.a")
    assert "from" not in collective_on(("Switch", 4)).result.to_dict()["links"][0]


def test_names_survive_the_way_through_a_file(run: Run, tmp_path: Path) -> None:
    told = {"simastra": "1", "inputs": {}, "finished": True, **run.result.to_dict()}
    (tmp_path / "run.json").write_text(json.dumps(told))
    read = read_result(tmp_path / "run.json")
    assert read.device_names[10] == "switch.a"
    assert read.to_dict()["links"] == run.result.to_dict()["links"]


def test_a_result_of_dimensions_has_no_names_of_its_own() -> None:
    result = collective_on(("Switch", 4)).result
    assert result.names is None
    assert result.device_names[4] == "switch 4"


def test_tables_and_timelines_have_the_names(run: Run) -> None:
    rows = link_table(run.result, four_and_six().device_names).to_dicts()
    assert {(it["from"], it["to"]) for it in rows} >= {("NPU 3", "switch.a"), ("NPU 4", "NPU 5")}
    timeline = run_timeline(run.result, run.records)
    assert '"name":"switch.a"' in timeline.replace(" ", "")
    assert "link to switch.a" in timeline


def test_explanations_know_the_names() -> None:
    explanation = on_four_and_six().explain()
    assert explanation.device_names[10] == "switch.a"
    assert explanation.record().device_names[10] == "switch.a"


def test_places_of_graphs_are_kinds_of_links(run: Run) -> None:
    places = Places(run.simulation)
    assert places.device(10) == "switch.a"
    assert places.kind(0, 10) == "nvlink, 400 GB/s, 300 ns"
    assert places.kind(4, 5) == "50 GB/s, 500 ns"
    assert places.kind(0, 5) == ""
    assert Places(collective_on(("Switch", 4)).simulation).kind(0, 4) == "dimension 0"


def test_the_page_draws_a_graph_with_its_names(run: Run, page: Page) -> None:
    assert "10 NPUs · graph of 11 nodes" in page.html
    assert "NPU 0 to switch.a: busy" in page.html
    assert "switch.a to NPU 0: busy" in page.html
    assert 'class="network wide"' in page.html
    assert {it["kind"] for it in page.data["heat"]["links"]} == {
        "nvlink, 400 GB/s, 300 ns",
        "50 GB/s, 500 ns",
        "ib, 25 GB/s, 700 ns",
    }


def test_links_that_carry_nothing_are_drawn_and_say_so(run: Run, page: Page) -> None:
    graph = four_and_six().graph
    assert graph is not None
    unused = len(graph.links) - len(run.result.links)
    assert unused > 0
    assert page.html.count(": not used, ") == unused


def test_the_unaware_network_has_a_picture_without_load() -> None:
    simulation = on_four_and_six("congestion-unaware")
    html = page_of(simulation.run(), run_on_four_and_six().records, simulation).html
    assert html.count("<title>NPU 4 to NPU 5: 50 GB/s, 500 ns</title>") == 1
    assert "not used, " not in html


def test_a_layout_is_wide_where_switches_lie_in_rows() -> None:
    canvas = Canvas(middle=100, reach=90)
    assert layout_of(four_and_six(), (), canvas, wide=2).canvas.stretch == 2
    assert layout_of(network(("Switch", 4)), [(0, 4)], canvas, wide=2).canvas.stretch == 1
