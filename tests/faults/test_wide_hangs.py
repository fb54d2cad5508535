"""Larger programs with one fault among much that follows from it: the fault is told first."""

from random import Random

import pytest
from broken_inputs import NPUS, Files, coll, comp, recv, run, send
from wide_hangs import PLANTS, Fault, machine, sound

from simastra.errors import Cause, DeadlockError

SETTINGS = (
    ("hoti2024", False, False),
    ("hoti2024", False, True),
    ("master", True, False),
    ("master", True, True),
)
"""Dialect, whether there are process groups, and whether handshakes precede messages."""

SEEDS = range(4)


@pytest.mark.parametrize(("dialect", "grouped", "rendezvous"), SETTINGS)
@pytest.mark.parametrize("name", PLANTS)
def test_the_planted_fault_is_told_first(
    name: str,
    dialect: str,
    grouped: bool,  # noqa: FBT001  # pytest gives it
    rendezvous: bool,  # noqa: FBT001
) -> None:
    planted = 0
    deadlocks: list[tuple[Fault, DeadlockError]] = []
    for seed in SEEDS:
        random = Random(f"{name} {dialect, grouped, rendezvous} {seed}")
        on = machine(random, grouped=grouped, dialect=dialect, rendezvous=rendezvous)
        programs = sound(on, random)
        fault = PLANTS[name](on, programs, random)
        if fault is None:
            continue
        planted += 1
        try:
            on.simulation(programs).run()
        except DeadlockError as raised:
            deadlocks.append((fault, raised))
    for fault, deadlock in deadlocks:
        assert fault.is_named_first(deadlock), deadlock
    assert len(deadlocks) >= planted - 1  # what is another order can happen to fit


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_told_of_a_sound_program(seed: int, setting: tuple[str, bool, bool]) -> None:
    dialect, grouped, rendezvous = setting
    random = Random(f"sound {seed} {setting}")
    on = machine(random, grouped=grouped, dialect=dialect, rendezvous=rendezvous)
    simulation = on.simulation(sound(on, random))
    result = simulation.run()
    assert len(result.finishes) == on.npus
    told = {notice.code for notice in result.notices}
    assert not told & {
        "missing-send",
        "missing-receive",
        "unlike-halves",
        "uneven-collectives",
        "unlike-collectives",
    }
    assert not told & {"collective-order", "unreceived-messages"}


# -- words --------------------------------------------------------------------------------------

AG, RS = 2, 7


def test_a_collective_that_is_left_out_is_missing(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    """NPU 0 leaves out the second of three and goes on to what NPU 3 sends after it."""
    others = [coll(1), coll(2, [1], comm_type=AG), coll(3, [2], comm_type=RS)]
    files.traces(
        [coll(1), recv(2, 3, [1]), coll(3, [2], comm_type=RS)],
        others,
        others,
        [*others[:2], send(4, 0, [2]), coll(3, [4], comm_type=RS)],
    )
    run(files, capsys).check_deadlock(
        "NPU 1, node 2 ('collective2') takes part in ALL_GATHER of 65,536 bytes: NPU 0 never comes "
        "to it: it has 2 collectives where the others have 3 [missing collective]",
        "likely cause: missing collective",
    )


def test_one_too_many_is_told_by_numbers(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    own = [coll(1), coll(2, [1]), coll(3, [2], comm_type=AG)]
    files.traces(*[own] * 2, [coll(1), coll(4, [1], comm_size=1024), coll(2, [4]), own[2]], own)
    run(files, capsys).check_deadlock(
        "NPU 2 has begun another one, ALL_REDUCE of 1,024 bytes: it has 4 collectives where the "
        "others have 3 [missing collective]",
        "the others never come to it: this NPU has 4 collectives where the others have 3",
    )


def test_another_group_is_named_with_the_node(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.groups({"1": [0, 1, 2], "2": [0, 1, 3]})
    one, two = ("string_val", "1"), ("string_val", "2")
    both = [coll(3, pg_name=one), coll(4, [3], pg_name=two, comm_type=AG)]
    spoilt = [coll(3, pg_name=two), both[1]]
    files.traces(both, spoilt, both[:1], [coll(4, pg_name=two, comm_type=AG)])
    run(files, capsys, "--compat=master").check_deadlock(
        "NPU 0, node 3 ('collective3') takes part in ALL_REDUCE of 65,536 bytes: NPU 1's node 3 "
        "('collective3'), ALL_REDUCE of 65,536 bytes, names process group 2, where the others have "
        "it with process group 1 [group mismatch]",
        "likely cause: group mismatch",
    )


def test_a_node_that_names_no_group_is_told(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.groups({"1": [0, 1, 2]})
    named = [coll(3, pg_name=("string_val", "1"))]
    files.traces(named, named, [coll(3)], [comp(1)])
    run(files, capsys, "--compat=master").check_deadlock(
        "NPU 2's node 3 ('collective3'), ALL_REDUCE of 65,536 bytes, names no process group, where "
        "the others have it with process group 1",
    )


def test_other_dimensions_are_told_with_the_node() -> None:
    random = Random(3)
    on = machine(random, grouped=False, dialect="master")
    while len(on.shape) < 2:
        on = machine(random, grouped=False, dialect="master")
    programs = sound(on, random)
    fault = PLANTS["other_dims"](on, programs, random)
    assert fault is not None
    with pytest.raises(DeadlockError) as raised:
        on.simulation(programs).run()
    first = raised.value.waits[0]
    assert first.cause is Cause.COLLECTIVE_MISMATCH
    assert " involves dimension" in first.explanation


def test_where_a_send_went_instead_is_told(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.traces([comp(1)], [send(4, 3)], [recv(5, 1)], [comp(1)])
    run(files, capsys).check_deadlock(
        "NPU 1 has no send to NPU 2 that matches; its send, node 4, goes to NPU 3, which doesn't "
        "receive it [missing send]"
    )


def test_where_a_receive_listens_instead_is_told(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.traces([comp(1)], [send(4, 2)], [recv(5, 3)], [comp(1)])
    run(files, capsys, "--rendezvous-protocol").check_deadlock(
        "NPU 2 has no receive from NPU 1 that matches; its receive, node 5, is from NPU 3, which "
        "sends no such [missing receive]"
    )


def test_too_few_sends_are_told_before_the_last_is_gone(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    """The circle comes of the send that is missing: the one that is left was meant for later."""
    files.traces(
        [coll(3), send(4, 1, [3])],
        [recv(3, 0), coll(4, [3]), recv(5, 0, [4])],
        *[[coll(3)]] * (NPUS - 2),
    )
    run(files, capsys, "--compat=master").check_deadlock(
        "NPU 0 has only 1 such sends; one more is needed [missing send]",
        "likely cause: missing send",
    )
