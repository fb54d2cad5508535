"""Which tensors are in memory when: drawn by hand, and against a look at each ns."""

from collections.abc import Iterator

from hypothesis import given
from support.memory_cases import STEPS, Step, tracked

from simastra.metrics import MemorySample, MemoryTimeline, TensorAccess, memory_timeline
from simastra.result import NodeRecord
from simastra.trace import Node, NodeType, TensorUse
from simastra.workload import Activity

END = 40  # later than any node of STEPS ends


def samples(timeline: MemoryTimeline) -> list[tuple[int, int]]:
    return [(it.time, it.size) for it in timeline.samples]


def held_at(timeline: MemoryTimeline, time: int) -> int:
    return next((it.size for it in reversed(timeline.samples) if it.time <= time), 0)


def uses_of(name: str, steps: list[Step]) -> Iterator[tuple[int, int, bool, int]]:
    """Each use of a tensor as (start, end, whether it is a write, size), first ones first."""
    for start, end, inputs, outputs in sorted(steps, key=lambda step: step[:2]):
        for uses, is_write in ((inputs, False), (outputs, True)):
            if uses.get(name):
                yield start, end, is_write, uses[name]


def oracle(steps: list[Step], time: int) -> int:
    """The bytes in memory at one ns, from the rule alone."""
    total = 0
    for name in "abcd":
        uses = list(uses_of(name, steps))
        if uses:
            first, _, is_write, size = uses[0]
            came = first if is_write else 0
            went = max(end for _, end, _, _ in uses)
            total += size if came <= time < went else 0
    return total


@given(STEPS)
def test_every_ns_holds_the_tensors_that_live_then(steps: list[Step]) -> None:
    timeline = tracked(*steps)
    held = [oracle(steps, time) for time in range(END)]
    assert [held_at(timeline, time) for time in range(END)] == held
    # A tensor that comes and goes at once is never held.
    assert timeline.peak.size == max(held)
    if timeline.samples:
        assert held[timeline.peak.time] == timeline.peak.size
        assert timeline.peak.size not in held[: timeline.peak.time]


@given(STEPS)
def test_samples_ascend_never_go_below_zero_and_end_with_nothing(steps: list[Step]) -> None:
    timeline = tracked(*steps)
    times = [it.time for it in timeline.samples]
    assert times == sorted(set(times))
    assert set(times) == {time for it in timeline.tensors for time in (it.start, it.end)}
    assert all(it.size >= 0 for it in timeline.samples)
    assert not timeline.samples or timeline.samples[-1].size == 0


def test_a_tensor_lives_from_its_write_to_the_end_of_its_last_read() -> None:
    timeline = tracked((10, 20, {}, {"x": 8}), (30, 40, {"x": 8}, {}), (50, 70, {"x": 8}, {}))
    (life,) = timeline.tensors
    assert (life.name, life.size, life.start, life.end) == ("x", 8, 10, 70)
    assert life.writes == (TensorAccess(0, "n0", 8, 10, 20),)
    assert life.reads == (TensorAccess(1, "n1", 8, 30, 40), TensorAccess(2, "n2", 8, 50, 70))
    assert samples(timeline) == [(10, 8), (70, 0)]


def test_the_first_use_is_the_first_write_or_the_first_read_of_what_was_there() -> None:
    written = tracked((0, 10, {}, {"x": 8}), (20, 30, {"x": 8}, {}), (40, 50, {}, {"x": 8}))
    assert written.tensors[0].first_use == "n0"
    there = tracked((0, 10, {"x": 8}, {}), (20, 30, {"x": 8}, {}), (40, 50, {}, {"x": 8}))
    assert there.tensors[0].first_use == "n0"


def test_a_tensor_that_is_read_first_was_there_from_the_start() -> None:
    # ASTRA-sim invents a write from 0 to 10 ns (behaviour 5.3).
    timeline = tracked((30, 40, {"weights": 8}, {}))
    (life,) = timeline.tensors
    assert life.was_there
    assert life.first_use == "n0"
    assert (life.start, life.end, life.writes) == (0, 40, ())


def test_the_last_use_is_the_one_that_ends_last() -> None:
    # n1 begins later and ends earlier.
    timeline = tracked((5, 10, {"x": 8}, {}), (0, 30, {"x": 8}, {}))
    assert timeline.tensors[0].end == 30


def test_a_tensor_that_nobody_reads_goes_when_it_is_written() -> None:
    assert samples(tracked((10, 20, {}, {"loss": 4}))) == [(10, 4), (20, 0)]


def test_the_peak_is_where_most_is_held_for_the_first_time() -> None:
    timeline = tracked(
        (0, 10, {"w": 100}, {"a": 10}),
        (10, 20, {"a": 10}, {"b": 20}),
        (20, 30, {"b": 20}, {"c": 10}),
        (30, 40, {"w": 100}, {}),
    )
    assert samples(timeline) == [(0, 110), (10, 130), (20, 130), (30, 100), (40, 0)]
    assert timeline.peak == MemorySample(10, 130)


def test_what_goes_makes_room_for_what_comes_at_the_same_time() -> None:
    timeline = tracked((0, 10, {"a": 50}, {}), (10, 20, {}, {"b": 60}))
    assert timeline.peak == MemorySample(10, 60)


def test_a_second_write_lengthens_the_life_and_is_told() -> None:
    # ASTRA-sim aborts (behaviour 5.3).
    timeline = tracked((0, 10, {}, {"x": 8}), (20, 30, {}, {"x": 8}))
    (life,) = timeline.tensors
    assert (life.start, life.end) == (0, 30)
    assert [use.node for use in life.rewrites] == [1]
    assert timeline.peak.size == 8


def test_an_update_in_place_is_a_write_of_what_was_there() -> None:
    timeline = tracked((10, 20, {"weights": 8}, {"weights": 8}))
    (life,) = timeline.tensors
    assert life.was_there
    assert [use.node for use in life.rewrites] == [0]


def test_a_tensor_has_the_size_of_its_first_use() -> None:
    timeline = tracked((0, 10, {}, {"x": 8}), (10, 20, {"x": 12}, {}))
    (life,) = timeline.tensors
    assert life.size == 8
    assert [(use.node, use.size) for use in life.resizes] == [(1, 12)]


def test_a_tensor_of_no_size_is_left_out() -> None:
    timeline = tracked((0, 10, {"empty": 0}, {"none": 0}))
    assert timeline.tensors == ()
    assert timeline.peak == MemorySample(0, 0)


def test_a_node_without_duration_still_writes_before_its_reader() -> None:
    timeline = tracked((10, 10, {}, {"x": 8}), (10, 10, {"x": 8}, {}), (10, 15, {"x": 8}, {}))
    (life,) = timeline.tensors
    assert not life.was_there
    assert (life.start, life.end) == (10, 15)


def test_a_tensor_listed_twice_is_used_once() -> None:
    twice = (TensorUse("x", 8), TensorUse("x", 8))
    node = Node(1, "n", NodeType.COMP, inputs=(), outputs=twice)
    timeline = memory_timeline([node], [NodeRecord(1, "n", Activity.COMPUTE, 0, 5)])
    assert timeline.peak.size == 8
    assert timeline.tensors[0].rewrites == ()


def test_nodes_that_lack_inputs_or_outputs_are_told_and_the_others_tracked() -> None:
    # ASTRA-sim never finishes (behaviour 7.4 #10).
    nodes = [
        Node(1, "plain", NodeType.COMP),
        Node(2, "reads only", NodeType.COMP, inputs=(TensorUse("x", 8),)),
        Node(3, "both", NodeType.COMP, inputs=(), outputs=()),
    ]
    records = [NodeRecord(node.id, node.name, Activity.COMPUTE, 0, 5) for node in nodes]
    timeline = memory_timeline(nodes, records)
    assert timeline.untracked == (1, 2)
    assert timeline.peak.size == 8


def test_a_node_that_has_not_finished_has_no_part() -> None:
    node = Node(1, "n", NodeType.COMP, inputs=(TensorUse("x", 8),), outputs=())
    assert memory_timeline([node], []) == MemoryTimeline((), (), ())
