"""Whether the compiled loop is worth loading, or compiling: nothing of it is loaded to know."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.machines import network, system

from simastra.jit import installed as jit
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, choice
from simastra.simulation.compiled import installed
from simastra.simulation.compiled.installed import PLAY
from simastra.trace import Trace, TraceBuilder
from simastra.units import MiB

BETWEEN = (installed.LOADING + installed.COMPILING) // 2
"""Worth loading it, not worth compiling it."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where numba, which is there, would keep it."""
    monkeypatch.setattr(jit, "is_installed", lambda: True)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    return tmp_path


def kept(cache: Path) -> None:
    """As if it had been compiled, for some processor."""
    PLAY.place.keep("any", b"")
    assert any(cache.rglob("loop-*.code"))


@pytest.mark.usefixtures("cache")
def test_what_is_not_kept_is_compiled_for_very_many_events_alone() -> None:
    assert not installed.is_worth(BETWEEN)
    assert installed.is_worth(installed.COMPILING + 1)


def test_what_is_kept_is_loaded(cache: Path) -> None:
    kept(cache)
    assert installed.is_worth(BETWEEN)
    assert not installed.is_worth(installed.LOADING)


def test_numba_that_is_told_to_compile_nothing_is_not_loaded(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(cache)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert not installed.is_worth(10**9)


def steps_of_pairs() -> Trace:
    """64 NPUs in pairs, of which one computes for longer; each reduces with its like elsewhere."""
    builders = [TraceBuilder(npu) for npu in range(64)]
    for npu, builder in enumerate(builders):
        last = builder.compute("own", micros=1 + npu % 2)
        for layer in range(40):
            last = builder.all_reduce(
                f"layer {layer}", size=1 * MiB, dims=(False, True), after=last
            )
    return Trace.of(builders)


def test_where_the_loop_pays_few_alike_are_not_folded_unless_it_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba", reason="needs the extra fast")
    monkeypatch.setattr(installed, "is_worth", lambda _: True)
    shape = network(("Ring", 2), ("Ring", 32))
    machine = system(("ring", "ring"), **{"preferred-dataset-splits": 4})
    unaware = Options(backend="congestion-unaware")
    by_loop = Simulation(steps_of_pairs(), machine, shape, options=unaware).run()
    assert [use.shortcut for use in by_loop.shortcuts if use.taken] == [Shortcut.COMPILED]
    assert any("one NPU for 32 is no gain" in str(use) for use in by_loop.shortcuts)
    counts = iter([True, False])  # worth it at first sight, and not as soon as messages are counted
    monkeypatch.setattr(installed, "is_worth", lambda _: next(counts))
    folded = Simulation(steps_of_pairs(), machine, shape, options=unaware).run()
    assert "64 NPUs as 2" in str(folded.shortcuts[0])
    assert folded.finishes == by_loop.finishes


def one_that_nothing_fits() -> Simulation:
    builders = [TraceBuilder(), TraceBuilder()]
    for npu, builder in enumerate(builders):
        builder.compute("own", micros=1 + npu)
    return Simulation(Trace.of(builders), system(["ring"]), network(("Ring", 2)))


@pytest.mark.usefixtures("cache")
def test_what_keeps_a_large_run_out_of_the_loop_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = one_that_nothing_fits()
    assert simulation.run().shortcuts == ()  # small: nobody asks
    monkeypatch.setattr(choice, "WORTH_A_SHORTCUT", 0)
    monkeypatch.setattr(installed, "LOADING", 0)

    def told(**setting: str) -> str:
        return str(one_that_nothing_fits().run(**setting).shortcuts[-1])

    assert told().startswith("no compiled loop: it would have to be compiled, once, in some 15 s")
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert told() == "no compiled loop: NUMBA_DISABLE_JIT is set"
    monkeypatch.setattr(jit, "is_installed", lambda: False)
    missing = "no compiled loop: it needs numba (pip install 'simastra[fast]')"
    assert told() == told(shortcuts="always") == missing


def test_who_waits_for_the_loop_can_be_told_that_it_is_being_compiled(cache: Path) -> None:
    compilation = installed.Compilation()
    with compilation.going_on():
        assert compilation.is_under_way
    assert compilation == installed.Compilation(is_done=True)
    kept(cache)
    loading = installed.Compilation()
    with loading.going_on():
        assert not loading.is_under_way
    assert not loading.is_done


def test_a_node_counts_as_three_links_crossed(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(cache)
    experiment = one_that_nothing_fits().experiment  # of two nodes
    monkeypatch.setattr(installed, "LOADING", 5)
    monkeypatch.setattr(choice, "WORTH_A_SHORTCUT", 0)
    assert choice.compiling_pays(experiment, "auto")
    assert choice.choose_way(experiment, "auto", "auto").may_compile
    monkeypatch.setattr(installed, "LOADING", 6)
    assert not choice.compiling_pays(experiment, "auto")
    assert not choice.choose_way(experiment, "auto", "auto").may_compile
