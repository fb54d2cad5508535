"""Own times, launchers and hand-overs, each against the definition, written down plainly."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.convert.link.events import CpuOp, Launch, Thread
from simastra.convert.link.nesting import find_launchers, own_times
from simastra.convert.link.threads import hand_overs


def _op(start: int, duration: int, thread: int = 1, name: str = "op") -> CpuOp:
    return CpuOp(name, Thread(1, thread), start, start + duration, None, None, None, place=0)


def _by_start(ops: list[CpuOp]) -> list[CpuOp]:
    return sorted(ops, key=lambda op: (op.start, -op.end))


_OPS = st.lists(st.builds(_op, st.integers(0, 30), st.integers(0, 12)), max_size=25).map(_by_start)
_THREADS = st.lists(
    st.builds(_op, st.integers(0, 12).map(lambda t: t * 400_000), st.just(0), st.integers(1, 3)),
    max_size=25,
).map(_by_start)


@given(_OPS)
def test_an_own_time_is_what_no_later_operator_within_it_covers(ops: list[CpuOp]) -> None:
    own = own_times(ops)
    for index, op in enumerate(ops):
        covered = {
            tick
            for other in ops[index + 1 :]
            if other.start >= op.start and other.end <= op.end
            for tick in range(other.start, other.end)
        }
        assert own[op] == op.end - op.start - len(covered)


def test_own_times_of_nested_operators_add_up_to_the_outermost() -> None:
    ops = _by_start([_op(0, 100), _op(10, 50), _op(10, 20), _op(40, 5), _op(60, 40)])
    assert [own_times(ops)[op] for op in ops] == [10, 25, 20, 5, 40]


def test_a_chain_of_nested_operators_takes_linear_time() -> None:
    depth = 50_000
    ops = [_op(at, 2 * (depth - at)) for at in range(depth)]
    own = own_times(ops)
    assert all(own[op] == 2 for op in ops)


@given(_OPS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=10))
def test_a_launcher_is_the_innermost_that_contains_the_launch(
    ops: list[CpuOp], times: list[tuple[int, int]]
) -> None:
    launches = [
        Launch(i, Thread(1, 1), at, at + length, "launch") for i, (at, length) in enumerate(times)
    ]
    found = find_launchers(ops, launches, frozenset())
    for launch in launches:
        begun = [op for op in ops if op.start <= launch.start]
        running = [op for op in begun if op.end > launch.start]
        whole = [op for op in running if op.end >= launch.end]
        wanted = (whole or running or begun)[-1:]
        assert (
            [found[launch.correlation].op] == wanted if wanted else launch.correlation not in found
        )
        if wanted:
            assert found[launch.correlation].covers == (wanted[0].end > launch.start)


@given(_THREADS)
def test_a_group_follows_what_began_last_elsewhere(ops: list[CpuOp]) -> None:
    follows = hand_overs(ops)
    for thread in {op.thread for op in ops}:
        previous_end, wanted = None, None
        for op in (op for op in ops if op.thread == thread):
            if previous_end is None or op.start - previous_end > 1_000_000:
                others = [o.start for o in ops if o.thread != thread and o.start < op.start]
                wanted = max(others, default=None)
            previous_end = op.end
            assert (follows[op].start if op in follows else None) == wanted
            assert op not in follows or follows[op].thread != thread
