"""Where collectives are priced, one NPU of each class stands for all: to the nanosecond."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.round_prices import RoundPrices

from simastra import CommGroups, NetworkConfig, Options, Simulation, Trace, TraceBuilder
from simastra.shortcut_use import Shortcut


def network(npus: int) -> NetworkConfig:
    return NetworkConfig(topology=["Switch"], npus_count=[npus], bandwidth=[100], latency=[500])


def simulation(trace: Trace, groups: CommGroups | None = None) -> Simulation:
    return Simulation(
        trace,
        network=network(len(trace.npus)),
        comm_groups=groups,
        calibration=RoundPrices(),
        options=Options(shortcuts="always"),
    )


def assert_fold_is_exact(made: Simulation) -> int:
    """A folded run is as the plain one in everything; how many NPUs stood for all."""
    folded, plain = made.run(), made.start().run()
    assert folded.finishes == plain.finishes
    for npu in range(len(plain.nodes)):
        assert sorted(folded.nodes[npu], key=str) == sorted(plain.nodes[npu], key=str)
    (use,) = folded.shortcuts
    assert use.taken, use
    assert use.shortcut is Shortcut.FOLD
    return int(use.reason.split(" as ")[1].split(",")[0])


def three_dimensional(tp: int, dp: int, pp: int, seed: int) -> Simulation:
    """Stages of a pipeline, each of dp replicas that are cut into tp parts."""
    rnd = random.Random(seed)
    durations = [[rnd.randint(1, 4) for _ in range(pp)] for _ in range(3)]
    sizes = [rnd.randint(1, 5000) for _ in range(3)]
    builders = [TraceBuilder(npu=npu) for npu in range(tp * dp * pp)]
    groups: dict[str, list[int]] = {}
    for npu, builder in enumerate(builders):
        part, replica, stage = npu % tp, npu // tp % dp, npu // (tp * dp)
        group = 1 + replica + dp * stage
        groups.setdefault(str(group), []).append(npu)
        other = 1 + dp * pp + part + tp * stage
        groups.setdefault(str(other), []).append(npu)
        after = []
        for step in range(3):
            if stage:
                before = builder.recv(f"r{step}", size=700, source=npu - tp * dp, tag=step)
                after.append(before)
            computed = builder.compute(f"c{step}", micros=durations[step][stage], after=after)
            summed = builder.all_reduce(f"t{step}", size=sizes[step], group=group, after=computed)
            if stage + 1 < pp:
                builder.send(f"s{step}", size=700, to=npu + tp * dp, tag=step, after=summed)
            builder.all_reduce(f"d{step}", size=sizes[step], group=other, after=computed)
            after = [summed]
        builder.all_reduce("all", size=100, after=after)
    return simulation(Trace.of(builders), CommGroups.parse(groups))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))
def test_stages_of_a_pipeline_are_classes(tp: int, dp: int, pp: int, seed: int) -> None:
    if tp * dp * pp < 2:
        return
    classes = assert_fold_is_exact(three_dimensional(tp, dp, pp, seed))
    if tp == 4:  # a whole node: all parts are alike
        assert classes == pp


@given(st.lists(st.integers(1, 3), min_size=2, max_size=9), st.integers(1, 3))
def test_what_differs_in_time_is_told_apart(times: list[int], steps: int) -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(len(times))]
    for builder, micros in zip(builders, times, strict=True):
        after = []
        for step in range(steps):
            computed = builder.compute(f"c{step}", micros=micros, after=after)
            after = [builder.all_reduce(f"r{step}", size=1000, after=computed)]
        builder.compute("last", micros=micros, after=after)
    classes = assert_fold_is_exact(simulation(Trace.of(builders)))
    # One that is alone in its node has no use for links inside it.
    alone = len(times) % 4 == 1
    assert classes - alone <= len(set(times)) <= classes


def test_ends_in_one_nanosecond_are_told_alike_whatever_the_numbers() -> None:
    """A computation that ends just when a collective does lets the lower node go first."""
    builders = [TraceBuilder(npu=npu) for npu in range(4)]
    for builder in builders:
        computed = builder.compute("c", micros=2.2)
        summed = builder.all_reduce("r", size=1000)
        builder.all_reduce("second", size=500, after=computed)
        builder.all_reduce("first", size=300, after=summed)
    made = simulation(Trace.of(builders))
    assert_fold_is_exact(made)
    # After both: the first, by its number in the trace, is "second".
    assert made.run().makespan == 2_200 + 1_700 + 1_500


def test_messages_inside_a_node_and_across_nodes_are_told_apart() -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(8)]
    for pair in ((0, 1), (2, 6), (3, 7), (4, 5)):
        for npu, peer in (pair, pair[::-1]):
            sent = builders[npu].send("there", size=700, to=peer, tag=1)
            got = builders[npu].recv("back", size=700, source=peer, tag=1, after=sent)
            builders[npu].compute("c", micros=1, after=got)
    assert assert_fold_is_exact(simulation(Trace.of(builders))) == 2


def test_groups_of_one_node_and_of_two_are_told_apart() -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(12)]
    groups = {"1": [0, 1, 4, 5], "2": [2, 3, 6, 7], "3": [8, 9, 10, 11]}
    for name, members in groups.items():
        for npu in members:  # nobody is alone in a node
            builders[npu].all_reduce("r", size=1000, group=int(name))
    made = simulation(Trace.of(builders), CommGroups.parse(groups))
    assert assert_fold_is_exact(made) == 2


def test_messages_with_several_that_are_alike_go_event_by_event() -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(3)]
    for npu in (1, 2):
        builders[0].send(f"to {npu}", size=10, to=npu, tag=1)
        builders[npu].recv("from 0", size=10, source=0, tag=1)
    result = simulation(Trace.of(builders)).run()
    assert [use.taken for use in result.shortcuts if use.shortcut is Shortcut.FOLD] == [False]


@pytest.mark.parametrize("order", ["exact", "any"])
def test_the_order_within_a_nanosecond_is_known(order: str) -> None:
    made = three_dimensional(4, 2, 2, 1)
    options = Options(shortcuts="always", order=order)
    folded = made.with_(options=options).run()
    assert all(use.order_is_known for use in folded.shortcuts)
    assert folded.finish_order == made.start().run().finish_order
