"""Notices as Python's warnings: who hears of which, once, and at which line."""

import pickle
import warnings
from pathlib import Path

import pytest
from support.machines import network, system

import simastra
from simastra import (
    MiB,
    Notice,
    Options,
    SimastraWarning,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.cli import main
from simastra.notices import Severity
from simastra.trace import write_trace

RING = network(("Ring", 2))


def all_reduce() -> TraceBuilder:
    builder = TraceBuilder()
    builder.all_reduce("ar", size=MiB)
    return builder


def unreceived() -> Trace:
    builders = [TraceBuilder(npu) for npu in range(2)]
    builders[0].send("s", size=8, to=1, tag=9)
    return Trace.of(builders)


def heard(code: str, *found: warnings.WarningMessage) -> list[warnings.WarningMessage]:
    messages = [it.message for it in found]
    assert all(isinstance(it, SimastraWarning) for it in messages)
    return [it for it in found if str(it.message).endswith(f"[{code}]")]


def test_each_warning_of_the_inputs_is_heard_at_the_callers_line() -> None:
    free = SystemConfig(preferred_dataset_splits=4, all_reduce_implementation=["ring"])
    with pytest.warns(SimastraWarning) as found:
        simulation = Simulation(all_reduce(), free, RING)
    assert [str(it.message).rpartition(" ")[2] for it in found] == ["[free-reductions]"]
    assert found[0].filename == __file__
    assert isinstance(found[0].message, SimastraWarning)
    assert found[0].message.notice in simulation.notices
    assert str(found[0].message).startswith("system: local-mem-bw: is left out")


def test_what_only_informs_is_not_heard() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulation = Simulation(all_reduce(), system(local_mem_bw=50), RING)
        assert {it.severity for it in simulation.notices} == {Severity.INFO}
        simulation.run()


def test_halves_and_empty_traces_are_heard() -> None:
    with pytest.warns(SimastraWarning) as found:
        simulation = Simulation(unreceived(), system(local_mem_bw=50), RING)
    assert len(heard("missing-receive", *found)) == 1
    assert len(heard("empty-trace", *found)) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what has been heard of isn't repeated
        simulation.run()


def test_more_traces_than_npus_are_heard(tmp_path: Path) -> None:
    write_trace(tmp_path / "t", Trace.uniform(all_reduce(), 4))
    with pytest.warns(SimastraWarning, match=r"2 more files than the network has NPUs, 2"):
        Simulation(tmp_path / "t", system(local_mem_bw=50), RING)


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_what_a_run_finds_is_heard_where_it_is_run(shortcuts: str) -> None:
    builder = TraceBuilder()
    builder.all_to_all("a2a", size=64 * MiB)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        simulation = Simulation(
            builder,
            system(["direct"], local_mem_bw=100_000),
            network(("Switch", 8)),
            options=Options(backend="congestion-unaware", shortcuts=shortcuts),
        )
        assert found == []
        result = simulation.run()
        simulation.start().run()
    told = [notice for notice in result.notices if notice.code == "faster-than-links"]
    assert told
    assert [it.message.notice for it in found] == [*told, *told]  # type: ignore[union-attr]
    assert {it.filename for it in found} == {__file__}
    assert found[0].lineno + 1 == found[1].lineno


def test_one_kind_can_be_left_out_and_all_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", SimastraWarning)
        with pytest.raises(SimastraWarning, match="empty-trace"):
            Simulation(TraceBuilder(), system(local_mem_bw=50), RING)
        warnings.filterwarnings("ignore", r".*\[empty-trace\]", SimastraWarning)
        Simulation(TraceBuilder(), system(local_mem_bw=50), RING)


def test_the_command_line_tells_notices_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_trace("t", unreceived())
    Path("s.json").write_text('{"preferred-dataset-splits": 4, "local-mem-bw": 50}')
    Path("n.yml").write_text("topology: [Ring]\nnpus_count: [2]\nbandwidth: [50]\nlatency: [500]\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert main(["run", "--workload", "t", "--system", "s.json", "--network", "n.yml"]) == 0
    assert capsys.readouterr().err.count("1 send has no receive") == 1


def test_a_simulation_from_elsewhere_is_not_told_of_again() -> None:
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        simulation = Simulation(unreceived(), system(local_mem_bw=50), RING)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pickle.loads(pickle.dumps(simulation)).notices == simulation.notices


def test_a_warning_survives_a_process_pool() -> None:
    notice = Notice("empty-trace", "t", "is empty", "fill it")
    warning = pickle.loads(pickle.dumps(SimastraWarning(notice)))
    assert (warning.notice, str(warning)) == (notice, "t: is empty (fill it) [empty-trace]")
    assert issubclass(simastra.SimastraWarning, UserWarning)
