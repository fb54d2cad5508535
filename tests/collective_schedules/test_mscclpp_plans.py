"""Plans of MSCCL++: right ones are right, and each without one of its operations is wrong."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from mscclpp_plans import (
    PLANS,
    Json,
    get_all_gather,
    put_all_gather,
    switch_all_reduce,
    written,
)

from simastra.collective_schedules import FaultKind, ProofVerdict, ScheduleError, prove
from simastra.collective_schedules.mscclpp_json import read_mscclpp


def verdict(plan: Json) -> ProofVerdict:
    return prove(read_mscclpp(written(plan), "plan.json"))


@pytest.mark.parametrize("name", PLANS)
def test_a_right_plan_is_right(name: str) -> None:
    found = verdict(PLANS[name]())
    assert found.is_right, str(found)


def without_one(plan: Json) -> Iterator[tuple[str, Json]]:
    for rank, gpu in enumerate(plan["gpus"]):
        for number, block in enumerate(gpu["threadblocks"]):
            for at, op in enumerate(block["ops"]):
                if op["name"] != "nop":
                    made = deepcopy(plan)
                    made["gpus"][rank]["threadblocks"][number]["ops"].pop(at)
                    yield f"{rank} {number} {at} {op['name']}", made


@pytest.mark.parametrize("name", PLANS)
def test_one_that_lacks_an_operation_is_wrong(name: str) -> None:
    for told, mutant in without_one(PLANS[name]()):
        assert not verdict(mutant).is_right, told


def changed(plan: Json, at: int, **more: object) -> Json:
    made = deepcopy(plan)
    made["gpus"][0]["threadblocks"][0]["ops"][at] |= more
    return made


def test_a_put_elsewhere_is_told_where() -> None:
    plan = put_all_gather()
    targets = deepcopy(plan["gpus"][0]["threadblocks"][0]["ops"][3]["dst_buff"])
    targets[0]["index"] = 2
    found = verdict(changed(plan, 3, dst_buff=targets))
    assert found.faults[0].kind is FaultKind.UNORDERED
    (unwritten,) = [it for it in found.faults if it.kind is FaultKind.UNWRITTEN]
    assert unwritten.problem == "output 0 of rank 1 is never written; it is to be chunk 0 of rank 0"


def test_a_signal_before_its_put_orders_nothing() -> None:
    plan = put_all_gather()
    ops = plan["gpus"][0]["threadblocks"][0]["ops"]
    ops[3], ops[4] = ops[4], ops[3]
    found = verdict(plan)
    assert {it.kind for it in found.faults} == {FaultKind.UNORDERED}
    assert "which may be after the end of that rank's own part" in found.faults[0].problem


def test_who_is_read_waits_for_its_reader() -> None:
    plan = get_all_gather()
    for gpu in plan["gpus"]:
        gpu["threadblocks"][0]["ops"] = gpu["threadblocks"][0]["ops"][:1]
    found = verdict(plan)
    assert {it.kind for it in found.faults} == {FaultKind.UNORDERED}
    assert "is read by gpus[" in found.faults[0].problem


def test_a_switch_that_reduces_twice_counts_twice() -> None:
    plan = switch_all_reduce()
    ops = plan["gpus"][1]["threadblocks"][0]["ops"]
    ops.insert(2, deepcopy(ops[2]))
    found = verdict(plan)
    assert {it.kind for it in found.faults} == {FaultKind.TWICE}
    assert "input 1" not in found.faults[0].problem
    assert "chunk 1 of ranks 0, 1, 2, 3 more than once" in found.faults[0].problem


@pytest.mark.parametrize(
    ("at", "more", "problem"),
    [
        (3, {"name": "putt"}, "gpus[0].threadblocks[0].ops[3].name: unknown operation 'putt'; did"),
        (3, {"src_buff": [{"type": "o", "index": 0}]}, "ops[3].src_buff[0]: lacks the key size"),
        (
            3,
            {"src_buff": [{"type": "x", "index": 0, "size": 1}]},
            "names the buffer 'x'; i, o or s",
        ),
        (3, {"src_buff": []}, "ops[3]: has 0 src_buff and 2 dst_buff; as many are wanted"),
        (3, {"src_buff": 7}, "ops[3].src_buff: is 7; a list is wanted"),
        (
            3,
            {"dst_buff": [{"buffer_id": 9, "index": 0, "size": 1}] * 2},
            "is the number 9, and there",
        ),
        (4, {"channel_ids": [5]}, "channel_ids[0]: is the number 5, and there are 0 to 1"),
        (4, {"channel_type": "port"}, "channel_ids[0]: is the number 0, and there are none"),
        (4, {"channel_ids": [-1]}, "channel_ids[0]: is -1; a whole number of 0 or more is wanted"),
    ],
)
def test_a_mistake_is_told_with_line_and_key(at: int, more: Json, problem: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        verdict(changed(put_all_gather(), at, **more))
    message = str(caught.value)
    assert message.startswith("plan.json, line ")
    assert problem in message
