"""What makes a mission's step faster is worth its stars, and work may not be left out."""

from dataclasses import replace

import pytest
from support.mission_scores import refusal, stars

from simastra import TraceBuilder
from simastra.notebook.missions.speed.algorithms import LIBRARIES, Algorithms
from simastra.notebook.missions.speed.chunks import POWERS, ChunkCount
from simastra.notebook.missions.speed.hiding import Hiding
from simastra.notebook.missions.speed.one_change import CASES, PRICES, OneChange
from simastra.notebook.missions.speed.topologies import LAYINGS, LOADS, Topologies
from simastra.trace.nodes import Node


def seed_of(case: int) -> int:
    """The least seed whose step is a case's."""
    return next(
        seed
        for seed in range(99)
        if replace(OneChange(seed).step, micros=CASES[case].micros) == CASES[case]
    )


@pytest.mark.parametrize("case", range(len(CASES)))
def test_one_kind_of_change_is_worth_three_stars(case: int) -> None:
    posed = OneChange(seed_of(case))
    expected = ("clock", "bandwidth", "chunks", "memory", "algorithm", "latency")[case]
    best = set()
    for key, values in PRICES.items():
        for value in values:
            if value == getattr(posed.step, key):
                assert "already" in refusal(posed, {key: value})
            elif posed.score({key: value}).stars == 3:
                best.add(key)
    assert best == {expected}


def test_two_changes_are_one_too_many() -> None:
    assert "2 changes" in refusal(OneChange(0), {"clock": 2, "bandwidth": 200})
    assert "possible are" in refusal(OneChange(0), {"clock": 100})


def test_work_may_not_change_where_communication_is_hidden() -> None:
    posed = Hiding(1)
    assert stars(posed, [posed.given]) == [0]
    smaller, fewer, faster, hasty, more = (TraceBuilder() for _ in range(5))
    for trace in (smaller, fewer, faster, hasty, more):
        before = None
        sums = []
        for layer in range(posed.layers - 1, -1, -1):
            micros = 1 if trace is faster else posed.micros[layer]
            before = trace.compute(f"backward {layer}", micros=micros, after=before or ())
            if trace is fewer and layer == 0:
                continue
            size = 1 if trace is smaller else posed.sizes[layer]
            after = () if trace is hasty else before
            sums.append(trace.all_reduce(f"gradients {layer}", size=size, after=after))
        trace.compute("optimizer", micros=50, after=sums)
    more.compute("more")
    assert "another duration, size" in refusal(posed, smaller)
    assert "the nodes must be" in refusal(posed, fewer)
    assert "another duration, size" in refusal(posed, faster)
    assert "doesn't wait for" in refusal(posed, hasty)
    assert "the nodes must be" in refusal(posed, more)


def test_a_builder_is_read_once_and_only_its_order_counts() -> None:
    class Changing(TraceBuilder):
        """Shows the right nodes when it is looked at first, and none from then on."""

        seen = 0

        @property
        def nodes(self) -> tuple[Node, ...]:
            self.seen += 1
            return posed.par().nodes if self.seen == 1 else ()

    posed = Hiding(1)
    assert posed.score(Changing()) == posed.score(posed.par())
    posed.given.compute("more")
    assert "the nodes must be" in refusal(posed, posed.given)


def test_no_algorithm_is_best_for_all_sizes() -> None:
    seen = set()
    for seed in range(12):
        posed = Algorithms(seed)
        if posed.library in seen:
            continue
        seen.add(posed.library)
        everywhere = [dict.fromkeys(posed.sizes, it) for it in posed.library.algorithms]
        assert max(stars(posed, everywhere)) < 3
    assert len(seen) >= len(LIBRARIES) - 1


@pytest.mark.parametrize("seed", range(4))
def test_neither_one_chunk_nor_very_many_are_best(seed: int) -> None:
    posed = ChunkCount(seed)
    given = dict(zip(POWERS, stars(posed, POWERS), strict=True))
    assert given[1] == given[64] == 0
    assert 3 in given.values()


def test_each_topology_is_best_for_something_and_never_all_are() -> None:
    best = {}
    for seed in range(40):
        posed = Topologies(seed)
        if posed.load not in best:
            given = dict(zip(LAYINGS, stars(posed, [*LAYINGS]), strict=True))
            assert [*given.values()].count(3) == 1
            best[posed.load] = posed.par()
    assert len(best) == len(LOADS)
    assert set(best.values()) >= {"ring", "fully connected", "switch"}
