"""Right algorithms are found right, and each one broken in a step is found wrong, as an
interpreter has it that tries orders at random."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random

import pytest
from interpreter import Interpreter
from msccl_plans import VALID, Block, Op, Plan

from simastra.collective_schedules import (
    FaultKind,
    ProofVerdict,
    ScheduleError,
    prove,
)
from simastra.collective_schedules.msccl_xml import read_msccl

ORDERS = 6


def verdict(plan: Plan) -> ProofVerdict:
    return prove(read_msccl(plan.xml(), "algo.xml"))


def outcomes(plan: Plan, orders: int = ORDERS) -> set[str]:
    return {Interpreter(plan, Random(seed)).run() for seed in range(orders)}


@pytest.mark.parametrize("name", VALID)
def test_a_right_algorithm_is_right(name: str) -> None:
    plan = VALID[name]()
    assert outcomes(plan, 40) == {"right"}
    found = verdict(plan)
    assert found.is_right, str(found)
    assert found.steps == sum(len(block.ops) for rank in plan.ranks for block in rank)


def mutants(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """The plan with one step changed, in each way that a hand may slip."""
    for rank, number, at in _steps(plan):
        for name, change in CHANGES.items():
            made = deepcopy(plan)
            block = made.ranks[rank][number]
            if change(made, block, at) is not False:
                yield f"{name} at gpu {rank}, tb {number}, step {at}", made


def _steps(plan: Plan) -> Iterator[tuple[int, int, int]]:
    for rank, blocks in enumerate(plan.ranks):
        for number, block in enumerate(blocks):
            for at in range(len(block.ops)):
                yield rank, number, at


def _dropped(plan: Plan, block: Block, at: int) -> bool:
    number = next(n for rank in plan.ranks for n, it in enumerate(rank) if it is block)
    rank = next(rank for rank in plan.ranks if any(it is block for it in rank))
    block.ops.pop(at)
    for other in rank:
        for op in other.ops:
            if op.dep is not None and op.dep[0] == number and op.dep[1] >= at:
                op.dep = (number, op.dep[1] - 1) if op.dep[1] > at else None
    return True


def _offset(plan: Plan, block: Block, at: int) -> bool:
    op = block.ops[at]
    size = dict(zip("ios", plan.chunks, strict=True))[op.dst[0]]
    if op.type in {"s", "nop"} or size < 2:
        return False
    op.dst = (op.dst[0], (op.dst[1] + 1) % (size + 1 - op.cnt))
    return True


def _source(plan: Plan, block: Block, at: int) -> bool:
    op = block.ops[at]
    size = dict(zip("ios", plan.chunks, strict=True))[op.src[0]]
    if op.type in {"r", "rcs", "nop"} or size < 2:
        return False
    op.src = (op.src[0], (op.src[1] + 1) % (size + 1 - op.cnt))
    return True


def _peer(plan: Plan, block: Block, at: int) -> bool:
    rank = next(n for n, rank in enumerate(plan.ranks) if any(it is block for it in rank))
    others = [it for it in range(len(plan.ranks)) if it not in {rank, block.send}]
    if at or block.send < 0 or not others:
        return False
    other = others[0]
    block.send = other
    return all(it is block or (it.send, it.chan) != (other, block.chan) for it in plan.ranks[rank])


def _swapped(plan: Plan, block: Block, at: int) -> bool:
    if at + 1 == len(block.ops):
        return False
    block.ops[at : at + 2] = block.ops[at : at + 2][::-1]
    return True


def _no_dep(plan: Plan, block: Block, at: int) -> bool:
    has, block.ops[at].dep = block.ops[at].dep is not None, None
    return has


def _no_flag(plan: Plan, block: Block, at: int) -> bool:
    has, block.ops[at].flag = block.ops[at].flag, False
    return has


def _twice(plan: Plan, block: Block, at: int) -> bool:
    block.ops.insert(at, deepcopy(block.ops[at]))
    return True


def _no_reduction(plan: Plan, block: Block, at: int) -> bool:
    other = {"rrc": "r", "rrcs": "rcs", "re": "cpy", "rcs": "rrcs", "r": "rrc"}
    op: Op = block.ops[at]
    if op.type not in other:
        return False
    op.type = other[op.type]
    return True


CHANGES = {
    "dropped": _dropped,
    "written elsewhere": _offset,
    "read elsewhere": _source,
    "sent to another": _peer,
    "swapped with the next": _swapped,
    "without its dependency": _no_dep,
    "without its flag": _no_flag,
    "done twice": _twice,
    "reduced instead of copied": _no_reduction,
}


@pytest.mark.parametrize("name", VALID)
def test_one_broken_in_a_step_is_as_the_interpreter_finds_it(name: str) -> None:
    plan = VALID[name]()
    wrong = 0
    for told, mutant in mutants(plan):
        seen = outcomes(mutant)
        wrong += seen != {"right"}
        try:
            found = verdict(mutant)
        except ScheduleError:
            continue  # it says where, and so it is told
        said = f"{told}: {seen}\n{found}"
        if found.is_right:
            assert seen == {"right"}, said
        elif found.is_stuck:
            assert seen == {"stuck"}, said
        elif found.faults[0].kind is not FaultKind.UNORDERED:
            assert seen <= {"wrong", "left over"}, said
    assert wrong >= 4


def test_a_circle_of_waits_is_told_step_by_step() -> None:
    plan = VALID["all pairs"]()
    first, second = plan.ranks[0]
    first.ops[0].dep, second.ops[0].dep = (1, 1), (0, 1)
    (fault, *_) = verdict(plan).faults
    assert fault.kind is FaultKind.DEADLOCK
    assert fault.problem.startswith(
        "waits in a circle: gpu 0, tb 0, step 0, line 4 (s), which waits "
    )
    assert fault.problem.count("which waits for") == 4
    assert outcomes(plan) == {"stuck"}


def test_a_flag_that_isnt_raised_is_told() -> None:
    plan = VALID["all pairs"]()
    plan.ranks[1][1].ops[1].flag = False
    (fault,) = verdict(plan).faults
    assert fault.problem == (
        "gpu 1, tb 0, step 2, line 19 (nop) never begins: it waits for step 1 of tb 1, where no "
        "hasdep=1 raises a flag"
    )


def test_a_missing_dependency_is_told_as_a_race() -> None:
    plan = VALID["all pairs"]()
    plan.ranks[0][0].ops[2].dep = None
    told = [it.problem for it in verdict(plan).faults if it.kind is FaultKind.UNORDERED]
    assert len(told) == 2
    assert (
        "scratch 2 of rank 0 is read by gpu 0, tb 0, step 4, line 8 (re), in no order with its "
        "use by gpu 0, tb 1, step 1, line 12 (r)"
    ) in told
    assert any(it.startswith("input 0 of rank 0 is ") for it in told)
    assert outcomes(plan, 40) >= {"right", "wrong"}


def test_a_message_of_another_size_is_told() -> None:
    plan = VALID["chain reduce"]()
    plan.ranks[0][0].ops[0].cnt = 1
    told = [it.problem for it in verdict(plan).faults]
    assert len(told) == 2
    assert any("takes 1 chunks from a message of 2" in it for it in told)
