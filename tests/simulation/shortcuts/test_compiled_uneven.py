"""The compiled loop does to uneven collectives what the plain path does, or leaves them alone."""

from math import prod

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra import ConfigError, Options, Simulation, Trace, TraceBuilder
from simastra.shortcut_use import Shortcut
from simastra.simulation import differences
from simastra.trace import CollectiveType

KINDS = st.sampled_from(
    [CollectiveType.ALL_TO_ALL, CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER]
)
NAMES = ["direct", "direct2", "ring", "pairwise", "bidirectionalRing", "bruck"]
SHAPES = st.sampled_from([(4,), (5,), (2, 3), (3, 2)])


@settings(max_examples=20, deadline=None)
@given(
    data=st.data(), kind=KINDS, name=st.sampled_from(NAMES), counts=SHAPES, splits=st.integers(1, 4)
)
def test_every_event_is_where_it_is_without_the_loop(
    data: st.DataObject, kind: CollectiveType, name: str, counts: tuple[int, ...], splits: int
) -> None:
    npus = prod(counts)
    unit = data.draw(st.sampled_from([1, splits, 4 * splits]))
    parts = st.lists(st.integers(0, 300).map(unit.__mul__), min_size=npus, max_size=npus)
    shared = data.draw(parts)
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for builder in builders:
        own = builder.compute("own", micros=data.draw(st.integers(1, 3)))
        sizes = data.draw(parts) if kind is CollectiveType.ALL_TO_ALL else shared
        builder.collective(kind, "uneven", sizes=sizes, after=own)
    topology = data.draw(st.sampled_from(["Switch", "Ring", "FullyConnected"]))
    config = system(
        [name] * len(counts),
        preferred_dataset_splits=splits,
        active_chunks_per_dimension=data.draw(st.integers(1, 3)),
        model_shared_bus=int(data.draw(st.booleans())),
    )
    shape = network(*((topology, count) for count in counts))
    try:
        made = Simulation(Trace.of(builders), config, shape, options=Options(shortcuts="always"))
    except ConfigError:  # the algorithm isn't for that
        reject()
    result = made.run()
    assert not differences(result, made.run(shortcuts="off"))
    if made.experiment.is_uneven:
        taken = [it.shortcut for it in result.shortcuts if it.taken]
        assert taken in ([], [Shortcut.COMPILED])
