"""When shortcuts are tried, what they tell probes, and what a result says of them."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.engine import Environment, NpuFinished, Probe, needs_events
from simastra.errors import DeadlockError, OptionError
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation import Options, Simulation
from simastra.simulation.shortest import shortest_run
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, MiB

RECORDS = [
    name
    for name, _ in inspect.getmembers(Probe, inspect.isfunction)
    if not name.startswith("_") and name != "on_npu_finished"
]
"""All that a probe can hear of, but for the ends of NPUs."""
ALWAYS = Options(shortcuts="always")


def ring_of_8(shortcuts: str) -> Simulation:
    return all_reduce_on_ring_of_8(Options(shortcuts=shortcuts))


def chain_of_three() -> TraceBuilder:
    """As in the first steps of a tutorial: compute, communicate, compute."""
    trace = TraceBuilder()
    forward = trace.compute("forward", micros=5)
    gradients = trace.all_reduce("gradients", size=MiB, after=forward)
    trace.compute("update", micros=5, after=gradients)
    return trace


class Ends(Probe):
    """Hears of the NPUs' ends alone."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []

    def on_npu_finished(self, event: NpuFinished) -> None:
        npu, time = event
        self.heard.append((npu, time))


# -- whether they are tried ------------------------------------------------------------------------


def test_small_runs_go_event_by_event() -> None:
    assert ring_of_8("auto").run().shortcuts == ()
    shape = network(("Ring", 8))
    assert Simulation(chain_of_three(), system(), shape).run().shortcuts == ()


def test_always_folds_small_runs_too() -> None:
    assert ring_of_8("always").run().shortcuts == (
        ShortcutUse(
            Shortcut.FOLD, taken=True, reason="8 NPUs as 1, by rotation of 8 NPUs at stride 1"
        ),
    )


def test_off_folds_nothing() -> None:
    many = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB),
        system(),
        network(("Ring", 64)),
        options=Options(shortcuts="off"),
    )
    assert many.run().shortcuts == ()
    assert many.run(shortcuts="always").cycles == many.run().cycles


def test_auto_folds_what_is_much_work() -> None:
    """64 NPUs x 4 chunks x 126 steps are 32,000 messages."""
    much = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB), system(), network(("Ring", 64))
    )
    (use,) = much.run().shortcuts
    assert use.taken
    little = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB), system(), network(("Ring", 24))
    )
    assert little.run().shortcuts == ()  # 4,400


def test_auto_keeps_to_the_plain_path_where_that_alone_knows_the_order_and_work_is_moderate() -> (
    None
):
    """Rings whose members start together but end, each, by another neighbour's message."""
    builders = [TraceBuilder(npu) for npu in range(128)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu % 2 * (npu % 3))
        builder.all_reduce("gradients", size=MiB, after=own)
    shape = network(("Ring", 128))
    moderate = Simulation(Trace.of(builders), system(), shape)
    result = moderate.run()
    # The compiled loop, where numba is installed, is every event in its order too.
    assert {use.shortcut for use in result.shortcuts if use.taken} <= {Shortcut.COMPILED}
    assert {use.shortcut: use.reason for use in result.shortcuts}[Shortcut.SKEW] == (
        "it can't tell in which order NPUs finish in the same nanosecond"
    )
    always = moderate.run(shortcuts="always")
    assert [use.order_is_known for use in always.shortcuts if use.taken] == [False]
    assert any("listed by number" in use.reason for use in always.shortcuts)
    assert always.cycles == result.cycles
    unordered = with_order(moderate, "any").run()
    assert unordered.shortcuts == always.shortcuts
    assert unordered.finishes == always.finishes
    assert unordered.cycles == result.cycles


def test_an_exact_order_is_asked_for_whatever_it_takes() -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu % 2 * (npu % 3))
        builder.all_reduce("gradients", size=MiB, after=own)
    skewed = Simulation(Trace.of(builders), system(), network(("Ring", 8)), options=ALWAYS)
    assert [use.order_is_known for use in skewed.run().shortcuts if use.taken] == [False]
    exact = with_order(skewed, "exact").run()
    # The compiled loop, where numba is installed, is every event in its order too.
    assert {use.shortcut for use in exact.shortcuts if use.taken} <= {Shortcut.COMPILED}
    assert exact.finishes == skewed.run(shortcuts="off").finishes


def test_an_order_of_another_name_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'exact'"):
        Options(order="exakt")


def with_order(simulation: Simulation, order: str) -> Simulation:
    options = replace(simulation.options, order=order)
    return Simulation(simulation.trace, simulation.system, simulation.network, options=options)


def test_auto_folds_no_few_npus_that_take_longer_than_event_by_event() -> None:
    shape = network(("Ring", 64))
    machine = system(("halvingDoubling",))
    trace = one_collective(CollectiveType.ALL_REDUCE, MiB)
    simulation = Simulation(trace, machine, shape)
    assert "no fold: one NPU for 2 is no gain" in map(str, simulation.run().shortcuts)
    (fold,) = simulation.run(shortcuts="always").shortcuts
    assert fold.taken


def test_a_live_run_goes_event_by_event_whatever_the_options_say() -> None:
    run = ring_of_8("always").start()
    run.step()
    assert run.run().shortcuts == ()


def test_a_live_run_can_have_an_environment_of_ones_own() -> None:
    env = Environment()
    run = ring_of_8("always").start(env=env)
    assert run.env is env
    assert run.run().makespan == env.now == 117780


def test_what_a_run_is_told_goes_before_the_options() -> None:
    assert ring_of_8("always").run(shortcuts="off").shortcuts == ()
    assert ring_of_8("off").run(shortcuts="always").shortcuts != ()
    with pytest.raises(OptionError, match="did you mean 'always'"):
        ring_of_8("off").run(shortcuts="alway")


# -- probes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", RECORDS)
def test_a_probe_that_hears_of_more_than_ends_forces_the_plain_path(record: str) -> None:
    heard = []
    probe = type("Listener", (Probe,), {record: lambda self, *args, **more: heard.append(args)})()
    assert needs_events(probe)
    result = ring_of_8("always").run(probes=[probe])
    assert result.shortcuts == ()
    # Nothing queues on this ring, messages share links as flows on the fluid backend alone,
    # collectives meet where they are priced, and scenarios alone change links.
    elsewhere = {"on_collective_met", "on_collective_ended", "on_link_changed", "on_message_lost"}
    assert heard or record in {"on_message_queued", "on_flowed", *elsewhere}


@pytest.mark.parametrize("record", RECORDS)
def test_a_probe_that_may_miss_events_does_not(record: str) -> None:
    members = {record: lambda self, *args, **more: None, "may_miss_events": True}
    probe = type("Content", (Probe,), members)()
    assert not needs_events(probe)
    assert ring_of_8("always").run(probes=[probe]).shortcuts


def test_ends_are_told_in_order_after_a_shortcut_too() -> None:
    plain, shortened = Ends(), Ends()
    ring_of_8("off").run(probes=[plain])
    result = ring_of_8("always").run(probes=[shortened])
    assert result.shortcuts
    assert shortened.heard == plain.heard == [(end.npu, end.cycles) for end in result.finishes]


def test_each_run_tells_its_own_probes() -> None:
    simulation, ends = ring_of_8("always"), [Ends(), Ends()]
    assert simulation.run(probes=ends[:1]) == simulation.run(probes=ends[1:]) == simulation.run()
    assert ends[0].heard == ends[1].heard
    assert len(ends[0].heard) == 8


# -- what is known afterwards ----------------------------------------------------------------------


def test_nodes_of_an_npu_are_known_after_a_shortcut() -> None:
    experiment = Simulation(chain_of_three(), system(), network(("Ring", 8))).experiment
    shortened, plain = (shortest_run(experiment, (), it) for it in ("always", "off"))
    result = plain.run()
    assert shortened.run() == replace(result, shortcuts=shortened.result().shortcuts)
    for npu in range(8):
        assert tuple(shortened.records(npu)) == tuple(plain.records(npu)) == result.nodes[npu]
        assert len(shortened.records(npu)) == 3


def test_a_run_that_ends_too_late_for_astra_sim_is_told_after_a_shortcut_too() -> None:
    trace = TraceBuilder()
    trace.all_reduce("x", size=KiB, after=trace.compute("centuries", micros=2**44))
    simulation = Simulation(trace, system(), network(("Ring", 8)))
    results = [simulation.run(shortcuts=it) for it in ("off", "always")]
    assert results[1].shortcuts[0].taken
    assert results[0].notices == results[1].notices
    assert results[0].notices[:-1] == simulation.notices
    assert results[0].notices[-1].code == "late-times"


def test_nodes_have_the_ids_and_names_that_each_npu_gives_them() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        builder.all_reduce(f"gradients of {npu}", size=KiB)
    shape = network(("Ring", 4))
    simulation = Simulation(Trace.of(builders), system(), shape, options=ALWAYS)
    result = simulation.run()
    assert [use.taken for use in result.shortcuts] == [True]
    assert [nodes[0].name for nodes in result.nodes] == [f"gradients of {npu}" for npu in range(4)]


def test_a_deadlock_is_told_as_event_by_event() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        missing = builder.recv("never sent", size=KiB, source=(npu + 1) % 4)
        builder.all_reduce("gradients", size=KiB, after=missing)
    messages = []
    for shortcuts in ("off", "always"):
        options = replace(ALWAYS, shortcuts=shortcuts)
        simulation = Simulation(Trace.of(builders), system(), network(("Ring", 4)), options=options)
        run = shortest_run(simulation.experiment)
        with pytest.raises(DeadlockError) as caught:
            run.run()
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert "not all NPUs finish" in {use.reason for use in run.result().shortcuts}


# -- shortcuts as text -----------------------------------------------------------------------------


def test_a_shortcut_that_was_taken_says_what_it_did() -> None:
    use = ShortcutUse(Shortcut.FOLD, taken=True, reason="8 NPUs as 1")
    assert str(use) == "fold: 8 NPUs as 1"


def test_a_shortcut_that_was_refused_says_why() -> None:
    use = ShortcutUse(Shortcut.SKEW, taken=False, reason="packets share a bus")
    assert str(use) == "no skewed ring: packets share a bus"


def test_a_looked_up_collective_is_counted() -> None:
    trace = TraceBuilder()
    before = None
    for layer in range(4):
        forward = trace.compute(f"layer {layer}", micros=5, after=before or ())
        before = trace.all_reduce(f"gradients {layer}", size=MiB, after=forward)
    result = Simulation(trace, system(), network(("Ring", 8)), options=ALWAYS).run()
    assert [str(use) for use in result.shortcuts] == [
        "fold: 8 NPUs as 1, by rotation of 8 NPUs at stride 1",
        "memo: 3 of 4 collectives",
    ]
