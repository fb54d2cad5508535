"""What the page says in words and numbers: the answer, tables, the path, notices."""

import pytest
from support.machines import network, system
from support.made_runs import made_records, made_result, node, two_npus
from support.pages import Page, page_of, simulation_on, text_of
from support.recorded_runs import Run, collective_on, recorded, two_senders

from simastra.explain import Category
from simastra.notices import Notice, Severity
from simastra.report.page import PathStep, costs_of, path_of
from simastra.report.page.causes import CAUSES_IN_WORDS
from simastra.report.page.path_data import MOST_STRETCHES
from simastra.report.page_frame.page_table import MOST_ROWS, Unit
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder


@pytest.fixture(scope="module")
def ring() -> Run:
    """1 MiB among 4: 24 messages a link, of 64 KiB, which are 1220 ns on the wire."""
    return collective_on(("Ring", 4))


def explained(run: Run) -> Page:
    why = run.simulation.explain()
    return page_of(
        run.result,
        run.records,
        run.simulation,
        attribution=costs_of(why),
        critical_path=path_of(why),
    )


def words(page: Page, kind: str) -> list[str]:
    return [text_of(it) for it in page.answer.iter() if it.get("class") == kind]


def test_the_first_screen_is_the_answer(ring: Run) -> None:
    page = explained(ring)
    assert words(page, "step") == ["88.72 µs"]
    (step,) = (it for it in page.answer.iter() if it.get("class") == "step")
    assert step.get("title") == "88,720 ns"
    assert "All 4 NPUs finish together." in text_of(page.answer)
    figures = page.figures()
    assert figures["Exposed communication"] == ("100.0 %", "88.72 µs of an NPU's step, on average")
    assert figures["Limiting link"] == ("33.0 %", "NPU 0 to NPU 1, 1.5 MiB")
    bound = ring.result.bound
    assert figures["Can't be faster than"][0] == f"{bound.time / 1000:.2f}".rstrip("0") + " µs"
    assert not {"MFU", "Tokens/s", "Memory at its peak"} & set(figures)  # nothing is known of them


def test_where_the_time_went_sums_to_all_of_it(ring: Run) -> None:
    page = explained(ring)
    (bar,) = (it for it in page.answer.iter() if it.get("class") == "stack large")
    widths = [float(it.attrib["style"].partition("width:")[2].rstrip("%")) for it in bar]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert widths == sorted(widths, reverse=True)
    largest = next(page.answer.iter("ol"))
    assert len(largest) <= 3
    assert [text_of(it.findall("b")[0]) for it in largest] == [
        *("reduction", "serialisation", "latency"),
    ]
    links = list(largest.iter("a"))
    assert {it.attrib["href"] for it in links} == {"#critical-path"}
    starts = {it.start for it in path_of(ring.simulation.explain())}
    assert {int(it.attrib["data-at"]) for it in links} <= starts


def test_every_cause_is_told_in_words() -> None:
    assert set(CAUSES_IN_WORDS) == set(Category)
    assert len(set(CAUSES_IN_WORDS.values())) == len(Category)


def test_npus_that_fared_alike_share_a_bar(ring: Run) -> None:
    page = explained(ring)
    bars = list(page.sections["attribution"].iter("li"))
    assert [text_of(it) for it in bars] == ["NPUs 0 to 3"]
    table = page.table("attributed-table")
    assert [row[:3] for row in table.rows] == [["NPUs 0 to 3", 4, 88_720]]
    assert sum(table.rows[0][3:]) == 88_720


def test_attributed_time_and_time_under_way_say_how_they_differ() -> None:
    trace = TraceBuilder()
    trace.compute("beside", micros=5)
    trace.all_reduce("gradients", size=2**20)
    page = explained(recorded(Simulation(trace, system(), network(("Ring", 2)))))
    attributed, under_way = page.table("attributed-table"), page.table("under-way-table")
    assert "compute" not in attributed.headings  # nobody waited for it
    assert (
        dict(zip(under_way.headings, under_way.rows[0], strict=True))["compute under way"] == 5000
    )
    assert "what the NPU waited for" in attributed.note
    assert "differ from attributed ones" in under_way.note


def test_a_collective_has_its_time_and_both_bandwidths(ring: Run) -> None:
    table = explained(ring).table("collective-table")
    assert table.rows == [
        ["ALL_REDUCE", "all-reduce", 0, 4, 1_048_576, 0, 0, 88_720, 11.818936, 17.728404]
    ]
    assert table.units[4:] == ["B", "ns", "ns", "ns", "GB/s", "GB/s"]


def test_work_is_summed_up_by_name_whatever_its_layer() -> None:
    trace = TraceBuilder()
    for layer in range(3):
        trace.compute(f"forward layer{layer}", micros=1 + layer)
    trace.compute("loss", micros=4)
    run = recorded(Simulation(trace, system(), network(("Ring", 2))))
    table = page_of(run.result, run.records, run.simulation).table("operator-table")
    assert table.rows == [
        ["forward layer#", "forward", 6, 12_000, 6000, 3000],
        ["loss", "compute", 2, 8000, 4000, 4000],
    ]


def test_bytes_are_told_by_purpose_where_traces_say_it(ring: Run) -> None:
    known = ring.result.metrics.bytes_by_purpose
    assert known == {"unstated": 4 * 2 * 3 * 2**18}
    assert explained(ring).table("purpose-table").rows == [["unstated", 6_291_456, 1.0]]


def test_links_are_told_with_the_busiest_first() -> None:
    run = two_senders()
    table = page_of(run.result, run.records, run.simulation).table("link-table")
    assert table.rows[0] == ["switch 3", "NPU 2", 0, 5000, 0.526316, 10_000, 2, 1.052632]
    assert [row[:2] for row in table.rows[1:]] == [["NPU 0", "switch 3"], ["NPU 1", "switch 3"]]
    assert table.units[4] == Unit.PART


def test_no_heading_is_a_name_of_a_field(ring: Run) -> None:
    for table in explained(ring).data["tables"]:
        for column in table["columns"]:
            assert "_" not in column["name"]
            assert column["unit"] in set(Unit)


STEPS = [
    PathStep(0, 4, 0, "compute", "", "1: a"),
    PathStep(4, 5, 1, "latency", "to NPU 1", "2: b"),
    PathStep(5, 7, None, "queue", "on the link", "2: b"),
    PathStep(7, 8, 1, "latency", "to NPU 1", "2: b"),
    PathStep(8, 1008, 0, "compute", "", ""),
]


def test_the_critical_path_is_a_chain_of_stretches() -> None:
    path = page_of(*two_npus(), critical_path=STEPS).data["path"]
    assert path["causes"] == ["compute", "latency", "queue"]
    assert path["stretches"] == [
        [0, 4, "a (node 1)", 1, [0], 1, [0, 4], [0, 4, 0, ""]],
        [4, 4, "b (node 2)", 1, [1], 1, [1, 2, 2, 2], [5, 2, 2, "on the link"]],
        [8, 1000, "no node", 1, [0], 1, [0, 1000], [8, 1000, 0, ""]],
    ]


def test_steps_that_repeat_are_one_row_and_sum_to_the_end() -> None:
    table = page_of(*two_npus(), critical_path=STEPS).table("step-table")
    assert table.rows[0] == ["no node", "compute", "NPU 0", "", 1, 8, 1000]
    assert ["b (node 2)", "latency", "NPU 1", "to NPU 1", 2, 4, 2] in table.rows
    assert ["b (node 2)", "queue", "", "on the link", 1, 5, 2] in table.rows
    assert sum(row[-1] for row in table.rows) == 1008


def test_a_long_chain_keeps_all_its_time_in_fewer_stretches() -> None:
    count = 5 * MOST_STRETCHES
    ends = [0]
    for number in range(count):
        ends.append(ends[-1] + 1 + number % 7)
    steps = [PathStep(ends[it], ends[it + 1], 0, "compute", "", f"{it}: n") for it in range(count)]
    page = page_of(*two_npus(), critical_path=steps)
    stretches = page.data["path"]["stretches"]
    assert MOST_STRETCHES / 4 < len(stretches) <= MOST_STRETCHES
    assert [it[0] for it in stretches[1:]] == [it[0] + it[1] for it in stretches[:-1]]
    assert sum(it[1] for it in stretches) == ends[-1]
    assert sum(it[3] for it in stretches) == page.data["path"]["nodes"] == count
    table = page.table("step-table")
    assert len(table.rows) == MOST_ROWS
    assert f"500 of {count:,} kinds of step are shown, the longest." in table.note


def test_a_remark_is_no_warning() -> None:
    remark = Notice("code", "net.yml", "GB are 2^30 bytes", "divide", Severity.INFO)
    doubts = [Notice("code", f"key {it}", "has no effect", "leave it out") for it in range(5)]
    page = page_of(*two_npus(), notices=[remark, *doubts])
    headings = [it.text for it in page.sections["notices"].iter("h3")]
    assert headings == ["Warnings", "Remarks"]
    above = [text_of(it) for it in page.answer.iter() if it.get("class") == "warning"]
    assert above == [f"key {it}: has no effect (leave it out)" for it in range(3)]
    assert "and 2 more warnings" in text_of(page.answer)
    assert "GB are" not in text_of(page.answer)
    quiet = page_of(*two_npus())
    assert quiet.notes("notices") == ["None: nothing in the inputs is doubtful."]
    assert not [it for it in quiet.answer.iter() if it.get("class") == "warning"]


def test_of_a_run_that_finished_nothing_there_is_less_to_tell() -> None:
    page = page_of(made_result([], [], finishes=[]), made_records(2))
    assert page.figures() == {}
    assert "No NPU finished." in text_of(page.answer)
    assert page.notes("collectives") == ["No collective was finished by all its members."]
    assert page.data["path"]["stretches"] == []


def test_finishes_apart_are_told() -> None:
    page = page_of(made_result([node(1, 0, 500)], [node(1, 0, 2000)]), made_records(2))
    assert "NPU 0 finishes first, NPU 1 last, 1.5 µs later." in text_of(page.answer)


def test_memory_is_shown_where_something_is_known_of_it() -> None:
    senders = [TraceBuilder(0), TraceBuilder(1)]
    for builder in senders:
        builder.compute("work", micros=1)
    run = recorded(Simulation(Trace.of(senders), system(), network(("Ring", 2))))
    assert "memory" not in page_of(run.result, run.records, run.simulation).sections


def test_the_configuration_is_all_there() -> None:
    text = text_of(page_of(*two_npus(), inputs={"system": "sys.json"}).sections["configuration"])
    for wanted in (
        "sys.json",
        "Ring of 2, 50 GB/s, 500 ns",
        "scheduling-policy",
        "congestion-aware",
    ):
        assert wanted in text


def test_the_subtitle_tells_what_was_simulated() -> None:
    simulation = simulation_on(("Ring", 4), ("Switch", 2))
    page = page_of(made_result(*([] for _ in range(8))), made_records(8), simulation)
    assert words(page, "subtitle") == [
        "8 NPUs · Ring(4) \u00d7 Switch(2) · 0 nodes · 0 messages · congestion-aware"
    ]
