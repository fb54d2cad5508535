"""Schedules of timed transfers, and TE-CCL's: times say what is there when it is sent on."""

import json
from typing import Any

import pytest

from simastra.collective_schedules import FaultKind, ProofVerdict, ScheduleError, prove
from simastra.collective_schedules.te_ccl import read_te_ccl
from simastra.collective_schedules.transfers_json import read_transfers

Json = dict[str, Any]


def ring(n: int, collective: str = "all-gather") -> list[Json]:
    """Each chunk goes round, a hop each unit of time; in an all-reduce twice."""
    rounds = 2 * n - 2 if collective == "all-reduce" else n - 1
    return [
        {
            "src": me,
            "dst": (me + 1) % n,
            "chunk": (me - step) % n,
            "start": step,
            "end": step + 1,
            "reduce": collective == "all-reduce" and step < n - 1,
        }
        for step in range(rounds)
        for me in range(n)
    ]


def verdict(collective: str, ranks: int, transfers: list[Json], **more: object) -> ProofVerdict:
    document = {"collective": collective, "ranks": ranks, "transfers": transfers, **more}
    return prove(read_transfers(json.dumps(document), "synthesised.json"))


@pytest.mark.parametrize("collective", ["all-gather", "all-reduce"])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_ring_is_right_with_ends_and_without(collective: str, n: int) -> None:
    transfers = ring(n, collective)
    assert verdict(collective, n, transfers).is_right
    for it in transfers:
        del it["end"]
    assert verdict(collective, n, transfers).is_right


@pytest.mark.parametrize("collective", ["all-gather", "all-reduce"])
def test_each_transfer_that_is_left_out_or_too_early_is_missed(collective: str) -> None:
    transfers = ring(4, collective)
    for at, it in enumerate(transfers):
        assert not verdict(collective, 4, [*transfers[:at], *transfers[at + 1 :]]).is_right, at
        if it["start"]:
            early = {**it, "start": it["start"] - 0.5}
            assert not verdict(
                collective, 4, [*transfers[:at], early, *transfers[at + 1 :]]
            ).is_right


def test_what_comes_too_early_is_told_with_its_sender() -> None:
    transfers = ring(3)
    transfers[3]["start"] = 0.5
    (fault,) = verdict("all-gather", 3, transfers).faults
    assert fault.kind is FaultKind.MISSING
    assert fault.problem == (
        "output 2 of rank 1 lacks chunk 0 of rank 2; it went wrong first where transfers[3] (send) "
        "reads scratch 2 of rank 0, which nobody has written by then"
    )


def test_an_all_to_all_numbers_chunks_by_origin_and_destination() -> None:
    transfers = [
        {"src": src, "dst": dst, "chunk": src * 3 + dst, "start": 0}
        for src in range(3)
        for dst in range(3)
        if src != dst
    ]
    assert verdict("all-to-all", 3, transfers, chunks=9).is_right
    assert not verdict("all-to-all", 3, transfers[1:], chunks=9).is_right


def test_rooted_collectives_have_their_root() -> None:
    spread = [{"src": 1, "dst": it, "chunk": it, "start": 0} for it in (0, 2)]
    assert verdict("scatter", 3, spread, root=1).is_right
    assert not verdict("scatter", 3, spread, root=0).is_right
    both = [{"src": 1, "dst": it, "chunk": 0, "start": 0} for it in (0, 2)]
    assert verdict("broadcast", 3, both, root=1, chunks=1).is_right
    to_root = [{"src": it, "dst": 1, "chunk": 0, "start": 0, "reduce": True} for it in (0, 2)]
    assert verdict("reduce", 3, to_root, root=1, chunks=1).is_right


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"src": 4}, "transfers[0]: goes from rank 4 to rank 1; two of 0 to 3 are wanted"),
        ({"dst": 0}, "transfers[0]: goes from rank 0 to rank 0; two of 0 to 3 are wanted"),
        ({"chunk": 4}, "transfers[0].chunk: is 4; there are chunks 0 to 3"),
        ({"start": None}, "transfers[0]: lacks the key start"),
        ({"end": -1}, "transfers[0].end: is -1; a number from 0 to 2^40 is wanted"),
        ({"start": 3, "end": 2}, "transfers[0].end: is 2, before the start, 3"),
        ({"reduce": 1}, "transfers[0].reduce: is 1; true or false is wanted"),
    ],
)
def test_a_mistake_is_told_with_its_key(change: Json, problem: str) -> None:
    transfers = ring(4)
    transfers[0] |= change
    with pytest.raises(ScheduleError) as caught:
        verdict("all-gather", 4, transfers)
    assert str(caught.value) == f"synthesised.json, line 1, {problem}"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"ranks": 0}, "line 1, ranks: is 0; a whole number of 1 or more is wanted"),
        ({"chunks": 5}, "has 5 chunks, and all-gather among 4 ranks needs a multiple of 4"),
        ({"collective": "all-gathr"}, "unknown collective 'all-gathr'; did you mean 'all-gather'?"),
        ({"root": 4}, "has the root 4; one of 0 to 3 is wanted"),
    ],
)
def test_a_mistake_in_the_whole_is_told(more: Json, problem: str) -> None:
    document = {"collective": "all-gather", "ranks": 4, "transfers": ring(4), **more}
    with pytest.raises(ScheduleError) as caught:
        prove(read_transfers(json.dumps(document), "synthesised.json"))
    assert problem in str(caught.value)


FLOWS = [
    "Chunk 0 from 0 traveled over 0->1 in epoch 0",
    "Chunk 0 from 0 traveled over 1->3 in epoch 2",
    "Chunk 0 from 1 traveled over 1->0 in epoch 0 via switches 2",
    "Chunk 0 from 1 traveled over 1->3 in epoch 0 via switches 2",
    "Chunk 0 from 3 traveled over 3->0 with volume 1.0 in epoch 0 via switches 2",
    "Chunk 0 from 3 traveled over 3->1 in epoch 0 via switches 2",
]
GATHERED = [(at, 0, origin) for at in (0, 1, 3) for origin in (0, 1, 3) if at != origin]


def te_ccl(flows: list[str], demands: list[tuple[int, int, int]]) -> ProofVerdict:
    paths: Json = {
        f"Demand at {at} for chunk {chunk} from {origin} met by epoch 3": []
        for at, chunk, origin in demands
    }
    document = {"1-Epoch_Duration": 1e-9, "7-Flows": flows, "8-Chunk paths": paths}
    return prove(read_te_ccl(json.dumps(document), "te.json"))


def test_te_ccl_leaves_switches_out() -> None:
    found = te_ccl(FLOWS, GATHERED)
    assert found.is_right
    assert (found.collective, found.ranks, found.messages) == ("all-gather", 3, 6)


def test_te_ccl_that_is_wrong() -> None:
    assert not te_ccl([it.replace("epoch 2", "epoch 0") for it in FLOWS], GATHERED).is_right
    for at in range(len(FLOWS)):
        assert not te_ccl([*FLOWS[:at], *FLOWS[at + 1 :]], GATHERED).is_right


def test_te_ccl_as_an_all_to_all() -> None:
    pairs = [(src, dst) for src in range(3) for dst in range(3) if src != dst]
    flows = [
        f"Chunk {dst + 5} from {src} traveled over {src}->{dst} in epoch 0" for src, dst in pairs
    ]
    demands = [(dst, dst + 5, src) for src, dst in pairs]
    found = te_ccl(flows, demands)
    assert found.is_right, str(found)
    assert found.collective == "all-to-all"


@pytest.mark.parametrize(
    ("flow", "problem"),
    [
        ("Chunk 0 from 0 traveled", "7-Flows[6]: is no transfer such as 'Chunk 0 from 0 traveled"),
        (
            "Chunk 0 from 0 traveled over 0->7 in epoch 0",
            "moves chunk 0 from 0 over 0->7, which no",
        ),
        (
            "Chunk 4 from 0 traveled over 0->1 in epoch 0",
            "moves chunk 4 from 0 over 0->1, which no",
        ),
        ("Chunk 0 from 0 traveled over 0->1 with volume 0.5 in epoch 0", "[6]: is of volume 0.5;"),
    ],
)
def test_a_mistake_in_te_ccls_flows_is_told(flow: str, problem: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        te_ccl([*FLOWS, flow], GATHERED)
    assert str(caught.value).startswith("te.json, line 1, 7-Flows")
    assert problem in str(caught.value)
