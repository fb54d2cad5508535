"""Options at their bounds, workloads of every form, and what `differences` says of two results."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.machines import network, one_collective, system

from simastra.errors import ArgumentError, OptionError
from simastra.notices import Notice
from simastra.result import Result
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation import Options, Simulation, dialect_named
from simastra.simulation.checking import differences
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

RING = network(("Ring", 2))
AR = CollectiveType.ALL_REDUCE


@pytest.mark.parametrize(
    ("key", "least", "most", "step", "option"),
    [
        ("queues_per_dimension", 1, 1024, 1, "queues_per_dimension"),
        ("injection_scale", 0, 1e9, 1, "injection_scale"),
    ],
)
def test_numbers_are_taken_from_their_least_to_their_most(
    key: str, least: float, most: float, step: float, option: str
) -> None:
    for sound in (least, most):
        assert getattr(Options(**{key: sound}), key) == sound  # type: ignore[arg-type]
    for wrong in (least - step, most + step, float("nan")):
        with pytest.raises(OptionError, match=f"{option}: (must be |is nan; a whole number)"):
            Options(**{key: wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "option"), [("backend", "backend"), ("shortcuts", "shortcuts")])
def test_names_that_nothing_has_are_refused(key: str, option: str) -> None:
    with pytest.raises(OptionError, match=f"{option}: .*'nothing'"):
        Options(**{key: "nothing"})  # type: ignore[arg-type]


def test_a_dialect_is_found_by_its_name_and_extended_when_asked() -> None:
    with pytest.raises(OptionError, match=r"dialect: .*'nothing'"):
        dialect_named("nothing")
    plain = dialect_named("master")
    assert not plain.extended_collectives
    assert dialect_named("master", extended_collectives=True) == replace(
        plain, extended_collectives=True
    )


def test_a_trace_of_another_number_of_npus_is_refused() -> None:
    trace = Trace.of([TraceBuilder(npu) for npu in range(3)])
    with pytest.raises(OptionError, match="the trace has 3 NPUs, the network has 2"):
        Simulation(trace, system(), RING)


def test_what_is_no_workload_is_refused_by_its_type() -> None:
    with pytest.raises(ArgumentError, match="or a TraceBuilder, not an int"):
        Simulation(7, system(), RING)  # type: ignore[arg-type]


def surplus(folder: Path, npus: int) -> list[Notice]:
    trace = TraceBuilder()
    trace.compute("a", micros=1)
    trace.write(folder / "t", npus)
    notices = Simulation(folder / "t", system(), RING).notices
    return [notice for notice in notices if notice.code == "surplus-traces"]


def test_files_of_more_npus_than_there_are_are_told(tmp_path: Path) -> None:
    for npus in (2, 3, 5):
        (tmp_path / str(npus)).mkdir()
    assert surplus(tmp_path / "2", 2) == []
    (one,) = surplus(tmp_path / "3", 3)
    assert one.where == str(tmp_path / "3" / "t")
    assert one.message == (
        "the trace has 1 more file than the network has NPUs, 2; t.2.et is not simulated"
    )
    (several,) = surplus(tmp_path / "5", 5)
    assert several.message == (
        "the trace has 3 more files than the network has NPUs, 2; t.2.et to t.4.et are not "
        "simulated"
    )


# -- a shortcut's result beside the plain path's ------------------------------------------------


@pytest.fixture(scope="module")
def plain() -> Result:
    options = Options(shortcuts="off")
    return Simulation(one_collective(AR), system(), network(("Ring", 4)), options=options).run()


def test_equal_results_do_not_differ(plain: Result) -> None:
    assert differences(plain, plain) == ()


def test_another_order_is_told_unless_the_shortcut_knows_none(plain: Result) -> None:
    turned = replace(plain, finishes=plain.finishes[::-1])
    assert differences(turned, plain) == ("the NPUs finish in another order",)
    knows = ShortcutUse(Shortcut.FOLD, taken=True, reason="8 NPUs as 1")
    assert differences(replace(turned, shortcuts=(knows,)), plain) != ()
    does_not = replace(knows, order_is_known=False)
    assert differences(replace(turned, shortcuts=(does_not,)), plain) == ()


def test_another_time_is_told_before_nodes_and_order(plain: Result) -> None:
    first, *others = plain.finishes
    late = replace(plain, finishes=(*others, replace(first, cycles=first.cycles + 1)))
    assert differences(late, plain) == (
        f"NPU {first.npu} finishes at {first.cycles + 1} ns, not {first.cycles} ns",
    )


def test_the_first_node_that_differs_is_told(plain: Result) -> None:
    (node,) = plain.nodes[1]
    moved = replace(node, issued=7)
    nodes = (plain.nodes[0], (moved,), *plain.nodes[2:])
    assert differences(replace(plain, nodes=nodes), plain) == (
        f"NPU 1: node 1 'ALL_REDUCE' from 7 to {node.finished} ns; event by event node 1 "
        f"'ALL_REDUCE' comes there, from 0 to {node.finished} ns",
    )
    nodes = (plain.nodes[0], (node, node), *plain.nodes[2:])
    assert differences(replace(plain, nodes=nodes), plain) == ("NPU 1: 2 nodes, not 1",)


# -- explanations -------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_an_explanation_lasts_as_long_as_the_run(backend: str) -> None:
    run = Simulation(
        one_collective(AR, MiB), system(), network(("Ring", 4)), options=Options(backend=backend)
    )
    makespan = run.run().makespan
    explanation = run.explain()
    assert explanation.makespan == makespan
