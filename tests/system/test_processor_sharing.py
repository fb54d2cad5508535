"""Processor sharing: laws of what several jobs on the same resources take (C12)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from simastra.engine import Environment
from simastra.system.processor_sharing import ProcessorSharing


class Asked(NamedTuple):
    """A job: when it begins, what it takes alone, and what it uses."""

    at: int
    work: int
    resources: tuple[int, ...]


def ends(jobs: Sequence[Asked], penalty: int = 1) -> list[int]:
    """When each ends."""
    env = Environment()
    sharing = ProcessorSharing(env, penalty)
    found: dict[int, int] = {}

    def begin(number: int) -> None:
        asked = jobs[number]
        sharing.begin(asked.work, asked.resources, lambda: found.__setitem__(number, env.now))

    for number, asked in enumerate(jobs):
        env.call_later(asked.at, lambda number=number: begin(number))
    env.run()
    return [found[number] for number in range(len(jobs))]


JOBS = st.builds(
    Asked,
    st.integers(0, 200),
    st.integers(1, 300),
    st.sets(st.integers(0, 3), min_size=1).map(lambda it: tuple(sorted(it))),
)
ANY = st.lists(JOBS, min_size=1, max_size=7)
OF_ONE = st.lists(JOBS.map(lambda it: it._replace(resources=(0,))), min_size=1, max_size=7)


@given(JOBS)
def test_alone_it_takes_its_work(job: Asked) -> None:
    assert ends([job]) == [job.at + job.work]


@given(ANY)
def test_nothing_is_faster_than_alone(jobs: list[Asked]) -> None:
    for job, end in zip(jobs, ends(jobs), strict=True):
        assert end >= job.at + job.work


@given(st.integers(1, 9), st.integers(1, 1000))
def test_equal_ones_end_together_after_all_of_their_work(count: int, work: int) -> None:
    assert ends([Asked(5, work, (0, 1))] * count) == [5 + count * work] * count


@given(OF_ONE)
def test_work_is_conserved(jobs: list[Asked]) -> None:
    """A resource that has something to do is never idle, and does no more than it can."""
    free = Fraction(0)
    for job in sorted(jobs):
        free = max(free, Fraction(job.at)) + job.work
    assert max(ends(jobs)) == ceil(free)


@given(ANY, st.randoms())
def test_order_of_beginning_is_of_no_account(jobs: list[Asked], random: object) -> None:
    shuffled = list(range(len(jobs)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # of hypothesis
    before = ends(jobs)
    after = ends([jobs[number] for number in shuffled])
    assert after == [before[number] for number in shuffled]


@given(ANY)
def test_what_shares_nothing_with_others_is_not_slowed(jobs: list[Asked]) -> None:
    apart = Asked(3, 40, (9,))
    assert ends([*jobs, apart])[-1] == 43


@given(ANY)
def test_without_penalty_nobody_waits_and_with_more_nobody_gains(jobs: list[Asked]) -> None:
    assert ends(jobs, 0) == [job.at + job.work for job in jobs]
    if len({job.resources for job in jobs}) == 1:
        assert all(a <= b for a, b in zip(ends(jobs), ends(jobs, 2), strict=True))


def test_a_job_that_ends_between_two_nanoseconds_frees_its_part_just_then() -> None:
    """Three from 0 and a fourth: by hand, in thirds."""
    jobs = [Asked(0, 1, (0,)), Asked(0, 5, (0,)), Asked(0, 5, (0,)), Asked(2, 10, (0,))]
    # Until 2 the three have 2/3 each; then four share. The first ends at 2 + 4/3, having 1/3 left.
    # Then the two have 4 left, at thirds: at 10/3 + 12 they end; the fourth has 1/3 + 4 by then.
    assert ends(jobs) == [4, 16, 16, 21]
