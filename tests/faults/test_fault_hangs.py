"""Traces that can't end: exit code 3, and a report that names NPUs and nodes."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from broken_inputs import KIB, NPUS, Files, NodeFields, coll, comp, recv, run, send

from simastra.cli import main

Traces = dict[int, list[NodeFields]]

IDLE = [comp(1)]
AG, RS = 2, 7


def write(files: Files, traces: Traces) -> None:
    files.traces(*(traces.get(npu, IDLE) for npu in range(NPUS)))


# The traces of some NPUs (the others compute), further words, and what the report says.
HANGS: tuple[tuple[str, Traces, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "no send",
        {2: [recv(5, 1)]},
        (),
        ("NPU 2, node 5 ('recv5')", "NPU 1 has no send to NPU 2", "likely cause: missing send"),
    ),
    (
        "no receive, with a handshake",
        {2: [send(5, 1)]},
        ("--rendezvous-protocol",),
        ("NPU 2, node 5 ('send5')", "NPU 1 has no receive from NPU 2", "cause: missing receive"),
    ),
    (
        "a wrong tag",
        {1: [send(4, 2, comm_tag=7)], 2: [recv(5, 1, comm_tag=8)]},
        (),
        ("NPU 2, node 5", "NPU 1's send, node 4, has tag 7", "likely cause: tag mismatch"),
    ),
    (
        "a wrong size",
        {1: [send(4, 2, comm_size=KIB - 1)], 2: [recv(5, 1)]},
        (),
        ("NPU 2, node 5", "node 4, is of 1,023 bytes", "likely cause: size mismatch"),
    ),
    (
        "a receive too many",
        {1: [send(4, 2)], 2: [recv(5, 1), recv(6, 1, [5])]},
        (),
        ("NPU 2, node 6", "all have been used; one more is needed", "cause: missing send"),
    ),
    (
        "receives first on both sides at hoti2024",
        {0: [recv(1, 1), send(2, 1)], 1: [recv(1, 0), send(2, 0)]},
        (),
        ("unit is held", "they wait in a circle: NPU 0 -> NPU 1 -> NPU 0"),
    ),
    (
        "a collective of another size",
        {npu: [coll(3, comm_size=KIB)] for npu in range(NPUS - 1)}
        | {3: [coll(3, comm_size=64 * KIB)]},
        (),
        ("node 3 ('collective3')", "ALL_REDUCE of 65,536 bytes", "collectives in different order"),
    ),
    (
        "a collective of another type",
        {0: [coll(3, comm_type=RS)], **{npu: [coll(3)] for npu in (1, 2, 3)}},
        (),
        ("NPU 0 has node 3, REDUCE_SCATTER of 65,536 bytes", "collectives in different order"),
    ),
    (
        "collectives in another order",
        {npu: [coll(3), coll(4, [3], comm_type=AG)] for npu in range(3)}
        | {3: [coll(3, [4]), coll(4, comm_type=AG)]},
        (),
        ("NPU 3 has node 4, ALL_GATHER of 65,536 bytes", "collectives in different order"),
    ),
    (
        "a collective that one lacks",
        {npu: [coll(3)] for npu in range(3)},
        (),
        ("NPU 3 has finished with 0 of them and this is number 1", "missing collective"),
    ),
)


@pytest.mark.parametrize(
    ("traces", "words", "says"), [hang[1:] for hang in HANGS], ids=[hang[0] for hang in HANGS]
)
def test_a_hang_is_reported(
    traces: Traces,
    words: Iterable[str],
    says: Iterable[str],
    files: Files,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(files, traces)
    run(files, capsys, *words).check_deadlock(*says)


def test_receives_first_on_both_sides_end_at_master(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    write(files, {0: [recv(1, 1), send(2, 1)], 1: [recv(1, 0), send(2, 0)]})
    run(files, capsys, "--compat=master").check_finished()


def test_a_message_that_nobody_receives_holds_nobody_up(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    write(files, {2: [send(5, 1)]})
    run(files, capsys).check_finished()


def test_overlapping_groups_at_hoti2024(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    # The last group that lists an NPU is the one that counts: NPU 1's is not NPU 0's.
    files.groups({"1": [0, 1], "2": [1, 2]})
    write(files, {npu: [coll(3)] for npu in range(NPUS)})
    run(files, capsys).check_deadlock(
        "NPU 0, node 3",
        "NPU 1 takes part among NPUs 1, 2, this one among NPUs 0, 1",
        "likely cause: group mismatch",
    )


def test_overlapping_groups_run_at_master(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.groups({"1": [0, 1], "2": [1, 2]})
    first, second = ("string_val", "1"), ("string_val", "2")
    write(
        files,
        {
            0: [coll(3, pg_name=first)],
            1: [coll(3, pg_name=first), coll(4, [3], pg_name=second)],
            2: [coll(3, pg_name=second)],
        },
    )
    run(files, capsys, "--compat=master").check_finished()


def test_a_hang_is_on_stdout_what_finished_and_in_the_json_what_waits(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    write(files, {2: [recv(5, 1)]})
    outcome = run(files, capsys, "--json=result.json")
    outcome.check_deadlock("1 NPU unfinished")
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["sys[0]", "sys[1]", "sys[3]"]
    assert '"finished": false' in (files.folder / "result.json").read_text()


def test_the_reported_hang_says_which_collective_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parent / "hang-dropped-collective")
    code = main(["run", "--workload=ring", "--system=sys.json", "--network=net.yml", "--quiet"])
    told = capsys.readouterr().err
    assert code == 3
    assert "it has 2 collectives where the others have 3 [missing collective]" in told
    assert "NPU 0 never comes to it" in told.splitlines()[1]
    assert told.splitlines()[-1].strip() == "likely cause: missing collective"
