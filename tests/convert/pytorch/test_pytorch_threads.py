"""When a thread of the host is said to have waited for another one."""

import pytest
from linked import THREAD, converted, document, entry, operator
from support.trace_files import decode_nodes

from simastra.convert.pytorch import convert_pytorch, parse_linked
from simastra.trace import Node


def beside(length: int, others: int) -> dict[int, Node]:
    """1 works; stays `length` in 2, while another thread works `others` in 3; goes on with 4."""
    return converted(
        operator(1, "forward", 0, 100),
        operator(2, "backward", 100, length),
        operator(3, "mm_backward", 100, others, tid=2),
        operator(4, "optimizer", 100 + length, 10),
    )


@pytest.mark.parametrize(
    ("length", "others", "waits"),
    [(1000, 999, True), (1000, 500, True), (1000, 499, False), (1000, 10, False)],
)
def test_a_thread_waits_in_an_operator_for_what_fills_at_least_half_of_it(
    length: int,
    others: int,
    waits: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    nodes = beside(length, others)
    assert (3 in nodes[4].data_deps) is waits
    worked = length - others if waits else length
    assert nodes[2].duration == worked * 1000


@pytest.mark.parametrize(("length", "waits"), [(99, False), (100, True), (101, True)])
def test_a_thread_that_stays_for_less_than_a_tenth_of_a_millisecond_does_not_wait(
    length: int,
    waits: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert (3 in beside(length, length - 1)[4].data_deps) is waits


def test_like_chakra_an_optimizer_s_step_takes_no_time_and_others_whole_microseconds() -> None:
    linked = document(
        entry(1, THREAD),
        operator(2, "aten::mm", 0, 7.9, parent=1),
        operator(3, "Optimizer.step#SGD.step", 10, 500, parent=1),
        operator(4, "aten::add", 520, 3, parent=1),
    )
    conversion = convert_pytorch(parse_linked(linked, "linked.json"), like_chakra=True)
    durations = {n.id: n.duration for n in decode_nodes(conversion.content, "linked.0.et")}
    assert durations == {1: 0, 2: 7000, 3: 0, 4: 3000}
