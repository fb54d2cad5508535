"""What the page of a run made by hand says in words and numbers, section by section."""

import pytest
from support.machines import network, system
from support.made_runs import made_records, made_result, node, two_npus
from support.pages import Page, page_of, paths, simulation_on, text_of

from simastra.config import CommGroups, PartOptions
from simastra.network import BACKENDS, Backend
from simastra.network.congestion_aware import CongestionAware
from simastra.notices import Notice, Severity
from simastra.report.page import PathStep
from simastra.report.run_records import LinkLoad
from simastra.result import LinkRecord
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import Trace, TraceBuilder
from simastra.workload import Activity


@pytest.fixture(scope="module")
def small() -> Page:
    return page_of(*two_npus())


def test_the_summary_of_a_run(small: Page) -> None:
    (shown,) = small.tables("summary")
    assert shown.rows == [
        ["makespan", "2,000 ns"],
        ["slowest", "NPU 0 at 2,000 ns"],
        ["fastest", "NPU 1 at 250 ns"],
        ["finish spread", "1,750 ns"],
        ["NPUs", "2, of which 2 finished"],
        ["nodes that took time", "4"],
        ["messages", "2"],
        ["links used", "2"],
        ["notices", "0"],
        ["busiest link", "switch 2 to NPU 1: 7.0 % of the time, 5,000 B"],
    ]
    assert shown.numeric == set()
    assert small.notes("warnings") == ["None: nothing in the inputs is doubtful."]


def test_of_a_run_that_finished_nothing_there_is_less_to_tell() -> None:
    page = page_of(made_result([], [], finishes=[]), made_records(2))
    (shown,) = page.tables("summary")
    assert [row[0] for row in shown.rows] == [
        *("makespan", "NPUs", "nodes that took time", "messages", "links used", "notices"),
    ]
    assert shown.rows[1][1] == "2, of which 0 finished"
    assert "No link was used, or the backend has none." in page.notes("links")
    links = [LinkRecord(0, 1, 5, 8, 1)]
    idle = page_of(
        made_result([], [], links=links, finishes=[]),
        made_records(2, load=(1, 1, [LinkLoad(0, 1, {0: 1}, {})])),
    )
    (shown,) = idle.tables("summary")
    assert shown.rows[-1] == ["busiest link", "NPU 0 to NPU 1: - of the time, 8 B"]
    assert paths(idle)[0].attrib["stroke-width"] == "1.0"


def test_what_a_link_was_used_is_a_part_of_the_end_where_nobody_finished() -> None:
    result = made_result([node(1, 0, 10)], [], links=[LinkRecord(0, 1, 5, 8, 1)], finishes=[])
    page = page_of(result, made_records(2, load=(1, 1, [LinkLoad(0, 1, {0: 1}, {})])))
    assert "busy 50.0% of the time" in text_of(paths(page)[0])


def test_warnings_and_notes_are_told_apart() -> None:
    notices = [
        Notice("a", "here", "this", "do that"),
        Notice("b", "there", "that", "nothing", Severity.INFO),
    ]
    page = page_of(*two_npus(), notices=notices)
    shown = [it for it in page.sections["warnings"] if it.tag == "div"]
    assert [(it.get("class"), text_of(it)) for it in shown] == [
        ("warning", "here: this (do that)"),
        ("info", "there: that (nothing)"),
    ]
    assert page.tables("summary")[0].rows[-2] == ["notices", "2"]


def test_the_configuration_is_spelled_as_in_files() -> None:
    groups = CommGroups.parse({"tp": [0, 1], "1": [2, 0]})
    simulation = simulation_on(("Ring", 2), ("Switch", 3), comm_groups=groups)
    result = made_result(*([] for _ in range(6)))
    page = page_of(result, made_records(6), simulation, inputs={"trace": "x.et"})
    shown = page.tables("configuration")
    headings = [it.text for it in page.sections["configuration"].iter("h3")]
    assert headings == [
        *("Inputs", "Network", "System", "Remote memory", "Process groups", "Options"),
    ]
    by_name = dict(zip(headings, shown, strict=True))
    assert by_name["Inputs"].rows == [["trace", "x.et"]]
    assert by_name["Network"].rows == [
        ["0", "Ring", "2", "50", "500"],
        ["1", "Switch", "3", "50", "500"],
    ]
    assert by_name["Network"].numeric == {0, 2, 3, 4}
    assert by_name["Process groups"].rows == [["tp", "0, 1"], ["1", "2, 0"]]
    rows = dict(by_name["System"].rows)  # type: ignore[arg-type]
    assert (rows["endpoint-delay"], rows["all-reduce-implementation"]) == ("10", "ring")
    assert "per-node-custom-implementation" not in rows
    assert by_name["Remote memory"].rows[0] == ["memory-type", "NO_MEMORY_EXPANSION"]
    assert [row[0] for row in by_name["Options"].rows] == [
        *("network-backend", "compat", "num-queues-per-dim", "injection-scale"),
        *("rendezvous-protocol", "extended-collectives", "exact-durations"),
    ]
    assert by_name["System"].numeric == set()
    plain = page_of(made_result([], []), made_records(2))
    assert "Inputs" not in [it.text for it in plain.sections["configuration"].iter("h3")]
    bare = simulation_on(("Ring", 2))
    empty = bare.system.model_copy(update={"all_to_all_implementation": ()})
    again = Simulation(TraceBuilder(), empty, bare.network)
    shown = page_of(made_result([], []), made_records(2), again).tables("configuration")
    assert ["all-to-all-implementation", "none"] in [row for it in shown for row in it.rows]


class _Slow(PartOptions):
    seed: int
    width: int = 20


def test_the_configuration_has_what_the_network_file_tells_backends() -> None:
    tables = Tables(backends={**BACKENDS, "slow": Backend(CongestionAware, options=_Slow)})
    plain = simulation_on(("Ring", 2))
    network = plain.network.model_copy(update={"backend_options": {"slow": {"seed": 7}}})
    simulation = Simulation(TraceBuilder(), plain.system, network, options=Options(tables=tables))
    page = page_of(made_result([], []), made_records(2), simulation)
    headings = [it.text for it in page.sections["configuration"].iter("h3")]
    shown = dict(zip(headings, page.tables("configuration"), strict=True))
    assert shown["Network backends"].rows == [["slow.seed", "7"]]


def test_tables_by_npu_and_link(small: Page) -> None:
    by_npu, by_link = small.tables("tables")
    assert by_npu.headings == [
        *("npu", "wall, ns", "cpu, ns", "compute, ns", "communication, ns", "remote memory, ns"),
        *("overlap, ns", "exposed communication, ns", "idle, ns"),
    ]
    assert by_npu.rows == [
        ["0", "2,000", "0", "2,000", "500", "0", "500", "0", "0"],
        ["1", "250", "250", "0", "0", "0", "0", "0", "0"],
    ]
    assert by_npu.numeric == set(range(1, 9))
    assert by_link.rows == [
        ["2", "1", "switch 2", "NPU 1", "140", "0.07", "5,000", "2", "2.5"],
        ["0", "2", "NPU 0", "switch 2", "133", "0.0665", "64", "1", "0.032"],
    ]
    assert by_link.numeric == set(range(1, 9))


def many_collectives(count: int) -> Page:
    """On 2 NPUs; the k-th begins at 1000 k, takes 10 + k ns, and NPU 1 comes 3 ns later."""
    traces = [TraceBuilder(npu) for npu in range(2)]
    for trace in traces:
        for it in range(count):
            trace.all_reduce(f"ar {it}", size=1000)
    simulation = Simulation(Trace.of(traces), system(), network(("Ring", 2)))
    nodes = [
        [
            node(1 + it, 1000 * it + late, 1000 * it + 13 + it, activity=Activity.COMMUNICATION)
            for it in range(count)
        ]
        for late in (0, 3)
    ]
    return page_of(made_result(*nodes), made_records(2), simulation)


def test_of_many_collectives_those_that_took_longest_are_shown_in_order() -> None:
    page = many_collectives(501)
    each, by_group = page.tables("collectives")
    assert len(each.rows) == 500
    assert "500 of 501 collectives are shown, those that took longest." in page.notes("collectives")
    assert [row[5] for row in each.rows[:2]] == ["1,000", "2,000"]
    assert each.rows[0][:8] == [
        *("", "ALL_REDUCE", "0", "2", "1,000", "1,000", "3", "0.01"),
    ]
    assert each.rows[-1][7:] == ["0.51", "1.96", "1.96"]
    assert each.numeric == set(range(2, 10))
    time = sum(10 + it for it in range(501))
    assert by_group.rows == [
        [
            *("0", "2", "0", "501", "501,000", "1,503", f"{time:,}"),
            *(f"{time + 1503:,}", f"{501_000 / time:,.4g}"),
        ]
    ]
    full = many_collectives(500)
    assert len(full.tables("collectives")[0].rows) == 500
    assert not [it for it in full.notes("collectives") if "are shown" in it]


def test_costs_are_parts_of_the_longest_in_colours_of_their_own() -> None:
    kinds = [f"kind {it}" for it in range(13)]
    costs = {
        1: {kind: 1 + number for number, kind in enumerate(kinds)},
        0: {"kind 0": 1, "kind 5": 0, "mine": 45},
    }
    page = page_of(*two_npus(), attribution=costs)
    section = page.sections["attribution"]
    legend = [it for it in section.iter("span") if it.find("i") is not None]
    assert [text_of(it) for it in legend] == [*kinds, "mine"]
    squares = [it.find("i") for it in legend]
    colours = [it.attrib["style"].removeprefix("background:") for it in squares if it is not None]
    assert len(set(colours[:12])) == 12
    assert colours[12:] == colours[:2]
    (shown,) = page.tables("attribution")
    assert shown.headings == ["NPU", "time", "all, ns", *kinds, "mine"]
    assert shown.rows == [
        ["0", "", "46", "1", *["0"] * 12, "45"],
        ["1", "", "91", *(str(1 + it) for it in range(13)), "0"],
    ]
    assert shown.numeric == set(range(2, 17))
    pieces = [it for it in section.iter("i") if "title" in it.attrib]
    assert [it.attrib["title"] for it in pieces] == [
        "kind 0: 1 ns, 2.2 %",
        "mine: 45 ns, 97.8 %",
        *(f"{kind}: {1 + n} ns, {100 * (1 + n) / 91:.1f} %" for n, kind in enumerate(kinds)),
    ]
    assert [it.attrib["style"] for it in pieces[:3]] == [
        f"background:{colours[0]};width:{100 / 91:.3f}%",
        f"background:{colours[1]};width:{4500 / 91:.3f}%",
        f"background:{colours[0]};width:{100 / 91:.3f}%",
    ]


STEPS = [
    PathStep(0, 4, 0, "compute", "", "1: a"),
    PathStep(4, 5, 1, "latency", "to NPU 1", "2: b"),
    PathStep(5, 7, None, "queue", "on the link", "2: b"),
    PathStep(7, 8, 1, "latency", "", "2: b"),
    PathStep(8, 1008, 0, "compute", "", ""),
]


def test_a_critical_path_is_summed_up_by_kind_and_by_node_and_told_step_by_step() -> None:
    sums, by_node, steps = page_of(*two_npus(), critical_path=STEPS).tables("critical-path")
    assert sums.rows == [
        ["compute", "1,004 ns", "99.6 %"],
        ["latency", "2 ns", "0.2 %"],
        ["queue", "2 ns", "0.2 %"],
    ]
    assert by_node.rows == [
        ["1: a", "compute 4", "0", "4", "4"],
        ["2: b", "latency 2, queue 2", "4", "8", "4"],
        ["-", "compute 1,000", "8", "1,008", "1,000"],
    ]
    assert by_node.numeric == {2, 3, 4}
    assert steps.rows == [
        ["0", "1: a", "compute", "", "0", "4", "4"],
        ["1", "2: b", "latency", "to NPU 1", "4", "5", "1"],
        ["-", "2: b", "queue", "on the link", "5", "7", "2"],
        ["1", "2: b", "latency", "", "7", "8", "1"],
        ["0", "", "compute", "", "8", "1,008", "1,000"],
    ]
    assert steps.numeric == {4, 5, 6}


@pytest.mark.parametrize("count", [500, 501])
def test_of_a_long_path_the_first_steps_and_the_longest_stretches_are_shown(count: int) -> None:
    ends = [it * (it + 1) // 2 for it in range(count + 1)]
    steps = [PathStep(ends[it], ends[it + 1], 0, "compute", "", f"{it}: n") for it in range(count)]
    page = page_of(*two_npus(), critical_path=steps)
    _, by_node, each = page.tables("critical-path")
    assert (len(by_node.rows), len(each.rows)) == (500, 500)
    assert by_node.rows[0][0] == f"{count - 500}: n"
    assert each.rows[0][1] == "0: n"
    assert [it for it in page.notes("critical-path") if "are shown" in it] == (
        [
            "500 of 501 stretches are shown, the longest.",
            "500 of 501 steps are shown, the first.",
        ]
        if count > 500
        else []
    )


def test_equally_long_stretches_are_shown_from_the_first_on() -> None:
    steps = [PathStep(it, it + 1, 0, "compute", "", f"{it}: n") for it in range(502)]
    _, by_node, _ = page_of(*two_npus(), critical_path=steps).tables("critical-path")
    assert [row[0] for row in by_node.rows] == [f"{it}: n" for it in range(500)]


def test_a_page_has_a_link_to_each_of_its_sections(small: Page) -> None:
    assert (
        [name for name, _ in small.links]
        == list(small.sections)
        == [
            *("summary", "warnings", "timeline", "links", "collectives", "tables", "configuration"),
        ]
    )
    titles = [it.findtext("h2") for it in small.sections.values()]
    assert [title for _, title in small.links] == titles
    canvases = [it for part in small.sections.values() for it in part.iter("canvas")]
    assert [it.attrib["tabindex"] for it in canvases] == ["0", "0"]  # reached with the Tab key
    assert '"names":["sum \\u00e9","work"' in small.html
