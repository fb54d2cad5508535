"""Each planted situation has the stated remedy and no other; rules can't be got around."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from simastra import DeadlockError, MiB, TraceBuilder
from simastra.notebook.missions import mission
from simastra.notebook.missions.diagnosis.broken_link import LINKS, BrokenLink
from simastra.notebook.missions.diagnosis.curve import CurveFit
from simastra.notebook.missions.diagnosis.deadlocks.absent import Absent
from simastra.notebook.missions.diagnosis.deadlocks.disorder import Disorder
from simastra.notebook.missions.diagnosis.deadlocks.exchange import MarginExchange
from simastra.notebook.missions.diagnosis.deadlocks.hang import Hang
from simastra.notebook.missions.diagnosis.deadlocks.program import Deed
from simastra.notebook.missions.diagnosis.deadlocks.wrong_tag import WrongTag
from simastra.notebook.missions.diagnosis.nanoseconds import Nanoseconds
from simastra.notebook.missions.diagnosis.slow_npu import NPUS as SCATTERING
from simastra.notebook.missions.diagnosis.slow_npu import SlowNpu
from simastra.notebook.missions.moves import ForbiddenMoveError
from simastra.notebook.missions.planning.cheapest import Cheapest
from simastra.notebook.missions.planning.checkpoints import Checkpoints
from simastra.notebook.missions.planning.experts import EACH, EXPERTS, NPUS, Experts
from simastra.notebook.missions.planning.parallelism import CHOICES, SharingOut
from simastra.notebook.missions.planning.placement import JobPlacement
from simastra.notebook.missions.posed import PosedMission
from simastra.notebook.missions.speed.algorithms import LIBRARIES, Algorithms
from simastra.notebook.missions.speed.chunks import POWERS, ChunkCount
from simastra.notebook.missions.speed.hiding import Hiding
from simastra.notebook.missions.speed.one_change import CASES, PRICES, OneChange
from simastra.notebook.missions.speed.topologies import LAYINGS, LOADS, Topologies
from simastra.trace.nodes import Node


def refusal(posed: PosedMission, answer: object) -> str:
    with pytest.raises(ForbiddenMoveError) as refused:
        posed.score(answer)
    return str(refused.value)


def stars(posed: PosedMission, answers: Sequence[object]) -> list[int]:
    return [posed.score(answer).stars for answer in answers]


# Deadlocks


def swaps(posed: Hang) -> Iterator[tuple[int, str, str]]:
    for npu in range(len(posed.program.npus)):
        for pair in combinations(posed.program.names(npu), 2):
            yield (npu, *pair)


def tags(posed: Hang) -> Iterator[tuple[int, str, int]]:
    for npu, steps in enumerate(posed.program.npus):
        for step in steps:
            if step.deed is not Deed.COMPUTE:
                yield from ((npu, step.name, tag) for tag in range(8) if tag != step.tag)


def insertions(posed: Hang) -> Iterator[tuple[int, str, str]]:
    every = {name for npu in range(8) for name in posed.program.names(npu)}
    for npu in range(8):
        names = posed.program.names(npu)
        for name in every - set(names):
            yield from ((npu, name, before) for before in (*names, "end"))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("kind", "moves", "cause"),
    [
        (WrongTag, tags, "tag mismatch"),
        (Disorder, swaps, "collectives in different order, kind or size"),
        (MarginExchange, swaps, "partner waits"),
        (Absent, insertions, "missing collective"),
    ],
)
def test_a_deadlock_is_what_it_is_said_to_be_and_one_move_makes_it_as_it_was(
    kind: type[Hang], moves: object, cause: str, seed: int
) -> None:
    posed = kind(seed)
    with pytest.raises(DeadlockError) as stopped:
        posed.simulation.run()
    assert stopped.value.waits[0].cause.value == cause
    assert callable(moves)
    right = [move for move in moves(posed) if posed._mended(move) == posed._meant]
    (answer,) = [right[0]]
    assert len(right) == 1
    assert {*answer[1:]} == {*posed.par()[1:]}  # type: ignore[index]  # a triple
    assert posed.score(answer).stars == 3


@pytest.mark.parametrize("kind", [WrongTag, Disorder, MarginExchange, Absent])
def test_of_other_moves_the_few_that_end_get_two_stars_and_the_rest_none(kind: type[Hang]) -> None:
    posed = kind(5)
    moves = {WrongTag: tags, Absent: insertions}.get(kind, swaps)(posed)
    tried = [*moves][::19]
    given = stars(posed, tried)
    assert set(given) <= {0, 2, 3}
    assert given.count(0) > len(given) / 2


def test_in_an_exchange_the_right_neighbour_may_send_first_for_two_stars() -> None:
    posed = MarginExchange(2)
    npu, receive, _ = posed.par()
    turn = receive.split()[-1]
    score = posed.score((npu + 1, f"receive left {turn}", f"send left {turn}"))
    assert (score.stars, "but" in score.remark) == (2, True)


def test_a_node_isnt_swapped_with_itself_nor_added_twice() -> None:
    assert "itself" in refusal(MarginExchange(0), (0, "stencil 0", "stencil 0"))
    absent = Absent(0)
    there = absent.program.names(0)[1]
    assert "already" in refusal(absent, (0, there, "end"))


# Diagnoses


@pytest.mark.parametrize("seed", range(4))
def test_the_slow_ways_are_those_over_one_link_and_no_other(seed: int) -> None:
    posed = BrokenLink(seed)
    leaf, spine, part = posed.par()
    slow = {pair for pair, time in posed.measured.items() if time > posed.usual[pair]}
    fitting = [link for link in LINKS if posed._passing(link) == slow]
    assert fitting == [(leaf, spine)]
    assert posed.score((spine, leaf, part)).stars == 3


def test_another_link_gets_nothing_and_another_rate_less() -> None:
    posed = BrokenLink(3)
    leaf, spine, part = posed.par()
    others = [(*link, part) for link in LINKS if link != (leaf, spine)]
    assert stars(posed, others) == [0] * len(others)
    assert stars(posed, [(leaf, spine, 1.1 * part), (leaf, spine, part / 4)]) == [2, 1]


@pytest.mark.parametrize("seed", range(8))
def test_the_slow_npu_is_told_from_those_that_scatter(seed: int) -> None:
    posed = SlowNpu(seed)
    npu, speed = posed.par()
    assert posed.score((npu, speed)).stars == 3
    assert posed.score(((npu + 1) % SCATTERING, speed)).stars == 0


def test_speeds_that_are_nearly_right_get_less() -> None:
    posed = SlowNpu(1)
    npu, speed = posed.par()
    assert stars(posed, [(npu, 0.93 * speed), (npu, 0.5 * speed)]) == [2, 1]


@pytest.mark.parametrize("seed", range(8))
def test_a_fitted_line_predicts_sizes_that_nobody_told(seed: int) -> None:
    posed = CurveFit(seed)
    par = posed.par()
    assert posed.score(par).stars == 3
    double = {key: 2 * value for key, value in par.items()}
    assert posed.score(double).stars == 0
    one = {**par, "latency": 1.3 * par["latency"]}
    assert posed.score(one).stars < 3


@pytest.mark.parametrize("seed", range(12))
def test_nanoseconds_sum_to_the_whole_and_count_where_they_belong(seed: int) -> None:
    posed = Nanoseconds(seed)
    times = dict(posed.par())
    assert sum(times.values()) == posed.makespan
    assert posed.score(times).stars == 3
    moved = {**times, "compute": times["compute"] - 1, "latency": times["latency"] + 1}
    assert posed.score(moved).stars == 2
    assert posed.score({"compute": posed.makespan}).stars == 0
    assert "these are" in refusal(posed, {**times, "compute": times["compute"] - 1})


# Speed


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


class Shorter(list[object]):
    """Says that it has more parts than there are."""

    def __len__(self) -> int:
        return max(6, super().__len__())


def test_a_list_has_the_parts_that_it_has() -> None:
    posed = JobPlacement(1)
    a, b = posed.par().values()
    assert len(a) == 6
    assert "has 2 parts" in refusal(posed, {"a": Shorter(a[:2]), "b": b})


@pytest.mark.parametrize(
    ("pose", "names"),
    [
        (JobPlacement, ("wanted", "broken")),
        (Experts, ("tokens",)),
        (Hiding, ("sizes", "micros")),
        (Algorithms, ("sizes",)),
        (CurveFit, ("measured",)),
        (BrokenLink, ("measured", "usual", "routes")),
    ],
)
def test_what_a_player_looks_at_cant_be_changed(
    pose: Callable[[int], PosedMission], names: Sequence[str]
) -> None:
    posed = pose(1)
    for name in names:
        given: Any = getattr(posed, name)
        key = next(iter(given)) if isinstance(given, Mapping) else 0
        with pytest.raises(TypeError):
            given[key] = 1


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


# Planning


def test_what_is_late_or_dear_gets_less_than_the_cheapest_in_time() -> None:
    posed = Cheapest(3)
    par = posed.par()
    dearest = {**par, "inner": "FullyConnected", "inner-bandwidth": 300}
    dearest |= {"outer": "FullyConnected", "outer-bandwidth": 100}
    slow = {"inner": "Ring", "inner-bandwidth": 100, "outer": "Ring", "outer-bandwidth": 25}
    assert stars(posed, [par, dearest, slow]) == [3, 0, 0]
    assert posed.simulation(par).run().makespan <= posed.deadline
    assert posed.simulation(slow).run().makespan > posed.deadline


def test_what_doesnt_fit_into_memory_is_refused_and_what_fits_is_ranked() -> None:
    posed = SharingOut(2)
    answers = [{"tp": it.tp, "pp": it.pp, "dp": it.dp} for it in CHOICES]
    fitting = [it for it in answers if posed.memory(it) <= posed.capacity]
    assert 3 <= len(fitting) <= 5
    for answer in answers:
        if answer not in fitting:
            assert "GiB, and there are" in refusal(posed, answer)
    assert stars(posed, fitting).count(3) == 1
    assert "there are 8 NPUs" in refusal(posed, {"tp": 4, "pp": 4, "dp": 1})


def test_jobs_get_npus_that_work_and_each_only_once() -> None:
    posed = JobPlacement(2)
    par = posed.par()
    assert "out of order" in refusal(posed, {**par, "b": [posed.broken[0], *par["b"][1:]]})
    assert "twice" in refusal(posed, {**par, "b": [par["a"][0], *par["b"][1:]]})
    assert "4 are wanted" in refusal(posed, {**par, "b": par["b"][1:]})
    assert "is missing" in refusal(posed, {"a": par["a"]})
    zigzag = {**par, "a": par["a"][::2] + par["a"][1::2]}
    assert posed.score(zigzag).stars < 3


@pytest.mark.parametrize("seed", range(4))
def test_who_takes_the_first_npus_gets_one_star_at_most(seed: int) -> None:
    posed = JobPlacement(seed)
    for order in ("ab", "ba"):
        first_come = dict(zip("ab", posed._cluster.first_come(order), strict=True))
        assert posed.score(first_come).stars <= 1


@pytest.mark.parametrize("seed", range(4))
def test_experts_as_they_are_reach_no_goal_and_none_may_be_left_out(seed: int) -> None:
    posed = Experts(seed)
    now = [[*range(EACH * npu, EACH * (npu + 1))] for npu in range(NPUS)]
    assert posed.score(now).stars == 0
    assert posed.score(posed.par()).stars == 3
    assert "two places" in refusal(posed, [[0, 1, 2]] * NPUS)
    assert "8 are wanted" in refusal(posed, [[*range(EXPERTS)]])


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("topology", "rng", "did you mean 'ring'"),
        ("two-jobs", {"a": [0, 1]}, "'b' is missing"),
        ("expert-placement", [[0, 1, 2]], "1 parts; 8 are wanted"),
        ("cheapest-network", {}, "'inner' is missing"),
        ("tp-pp-dp", {"tp": 8, "pp": 1, "dp": 1}, "1, 2 or 4"),
    ],
)
def test_who_tries_what_isnt_allowed_is_told_so_too(name: str, answer: object, why: str) -> None:
    posed: Any = mission(name, 3)
    with pytest.raises(ForbiddenMoveError, match=why):
        posed.simulation(answer)


@pytest.mark.parametrize("seed", range(4))
def test_checkpoints_too_often_and_too_seldom_lose_more(seed: int) -> None:
    posed = Checkpoints(seed)
    par = posed.par()
    assert stars(posed, [par, par / 8, 8 * par]) == [3, 0, 0]


def test_what_a_mission_tells_is_what_it_simulates() -> None:
    posed = Hiding(0)
    assert posed.simulation(posed.given).run().makespan == posed.now
    assert all(size % MiB == 0 for size in posed.sizes)
