"""When collectives were under way, with all their members."""

from support.machines import network, system

from simastra import CommGroups, Result, Simulation, Trace, TraceBuilder
from simastra.simulation.measures.windows import CollectiveWindows, Window

SIZE = 800_000


def windows_of(simulation: Simulation, result: Result, npu: int) -> dict[str, Window]:
    found = CollectiveWindows(simulation.experiment, result.nodes.__getitem__).of(npu)
    names = {record.node: record.name for record in result.nodes[npu]}
    return {names[node]: window for node, window in found.items()}


def test_a_window_is_from_the_first_members_coming_to_the_last_ones_end() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        work = builder.compute("work", micros=5 * npu + 1)
        first = builder.all_reduce("first", size=SIZE, after=work)
        builder.all_gather("second", size=SIZE, after=first)
    simulation = Simulation(Trace.of(builders), system(), network(("Ring", 4)))
    result = simulation.run()
    records = [{it.name: it for it in nodes} for nodes in result.nodes]
    for npu in range(4):
        windows = windows_of(simulation, result, npu)
        assert windows.keys() == {"first", "second"}
        for name, window in windows.items():
            own = [each[name] for each in records]
            assert window == Window(
                min(it.issued for it in own),
                max(it.issued for it in own),
                max(it.finished for it in own),
            )
        assert (windows["first"].begin, windows["first"].ready) == (1_000, 16_000)


def test_each_group_and_each_line_has_windows_of_its_own() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        work = builder.compute("work", micros=10 * (npu // 2) + 1)
        builder.all_reduce("line", size=SIZE, after=work, dims=[True, False])
    shape = network(("Ring", 2), ("Ring", 2))
    simulation = Simulation(Trace.of(builders), system(["ring", "ring"]), shape)
    begins = [windows_of(simulation, simulation.run(), npu)["line"].begin for npu in range(4)]
    assert begins == [1_000, 1_000, 11_000, 11_000]
    groups = CommGroups.parse({"1": [0, 3], "2": [1, 2]})
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        work = builder.compute("work", micros=npu + 1)
        builder.all_reduce("pair", size=SIZE, after=work)
    simulation = Simulation(Trace.of(builders), system(["ring", "ring"]), shape, comm_groups=groups)
    pairs = [windows_of(simulation, simulation.run(), npu)["pair"] for npu in range(4)]
    assert [(it.begin, it.ready) for it in pairs] == [
        (1_000, 4_000),
        (2_000, 3_000),
        (2_000, 3_000),
        (1_000, 4_000),
    ]


def test_what_not_all_members_have_finished_has_none() -> None:
    trace = TraceBuilder()
    trace.all_reduce("a", size=SIZE)
    simulation = Simulation(trace, system(), network(("Ring", 4)))
    result = simulation.run()
    some = CollectiveWindows(
        simulation.experiment, lambda npu: () if npu == 3 else result.nodes[npu]
    )
    assert not some.of(0)
    assert windows_of(simulation, result, 0)
