"""Traces that end though something is missing: told, refused under --strict, and still exit code 0.

Each is run as ASTRA-sim runs it: a notice changes neither cycles nor exit code.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from broken_inputs import NPUS, Files, NodeFields, coll, comp, recv, send

from simastra.cli import main

RS, A2A = 7, 6
IDLE = [comp(1)]


def write(files: Files, *npus: list[NodeFields]) -> None:
    files.system(reduce_scatter_implementation=["direct"], all_to_all_implementation=["direct"])
    files.network(topology="[FullyConnected]")
    files.traces(*npus)


def another_type(files: Files) -> None:
    write(files, [coll(3, comm_type=RS)], [coll(3, comm_type=A2A)], *[[coll(3, comm_type=RS)]] * 2)


def another_order(files: Files) -> None:
    one = [coll(3, comm_type=RS), coll(4, [3], comm_type=A2A)]
    other = [coll(3, comm_type=A2A), coll(4, [3], comm_type=RS)]
    write(files, one, other, one, one)


def order_by_time(files: Files) -> None:
    one = [comp(1), comp(2), coll(3, [1], comm_type=RS), coll(4, [2], comm_type=A2A)]
    other = [comp(1), comp(2), coll(3, [2], comm_type=RS), coll(4, [1], comm_type=A2A)]
    write(files, one, other, one, one)


def a_lost_send(files: Files) -> None:
    write(files, IDLE, IDLE, [send(5, 1)], IDLE)


def eight_traces(files: Files) -> None:
    write(files, *[[coll(3)]] * (2 * NPUS))


def an_empty_trace(files: Files) -> None:
    write(files, IDLE, IDLE, [], IDLE)


@dataclass(frozen=True, slots=True)
class Silence:
    """Something that ASTRA-sim doesn't mind.

    Attributes:
        code: of the notice.
        write: makes the files.
        says: what the notice says.
        at_end: whether it takes a run to know it.
    """

    code: str
    write: Callable[[Files], None]
    says: str
    at_end: bool = False


SILENCES = {
    "another type": Silence(
        "unlike-collectives", another_type, "ALL_TO_ALL of 65,536 bytes on NPU 1 (node 3)"
    ),
    "another order": Silence("collective-order", another_order, "as number 1 NPU 0 asks for"),
    "order by time": Silence("collective-order", order_by_time, "NPU 1 ALL_TO_ALL", at_end=True),
    "a lost send": Silence("missing-receive", a_lost_send, "wl.2.et: 1 send has no receive: NPU 2"),
    "eight traces": Silence("surplus-traces", eight_traces, "4 more files than the network has"),
    "an empty trace": Silence("empty-trace", an_empty_trace, "wl.2.et: NPU 2 has no nodes"),
}
ALL = pytest.mark.parametrize("silence", SILENCES.values(), ids=SILENCES)


def command(verb: str, *words: str) -> list[str]:
    return [verb, "--workload=wl", "--system=sys.json", "--network=net.yml", *words]


@ALL
def test_a_run_ends_and_tells(
    silence: Silence, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    silence.write(files)
    assert main(command("run", "--json=out.json")) == 0
    told = capsys.readouterr()
    assert told.out.count(" finished, ") == NPUS
    (line,) = told.err.splitlines()
    assert line.startswith("simastra: notice: ")
    assert silence.says in line
    notices = json.loads((files.folder / "out.json").read_text())["notices"]
    assert [it["code"] for it in notices].count(silence.code) == 1


@ALL
@pytest.mark.parametrize("verb", ["run", "check", "report"])
def test_strictness_refuses_it(
    silence: Silence, verb: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    silence.write(files)
    words = ["--output=page.html"] if verb == "report" else []
    known = verb != "check" or not silence.at_end
    assert main(command(verb, "--strict", *words)) == (2 if known else 0)
    assert (silence.says in capsys.readouterr().err) == known


@ALL
def test_a_check_tells_what_can_be_known_without_a_run(
    silence: Silence, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    silence.write(files)
    assert main(command("check")) == 0
    assert (silence.says in capsys.readouterr().err) == (not silence.at_end)


@ALL
def test_being_quiet_is_no_fault(
    silence: Silence, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    silence.write(files)
    assert main(command("run", "--quiet")) == 0
    assert not capsys.readouterr().err


def test_what_hangs_is_told_by_a_check(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    write(files, IDLE, [recv(4, 2)], IDLE, IDLE)
    assert main(command("check", "--strict")) == 2
    assert "NPU 1's node 4 ('recv4') expects 1,024 bytes with tag 0" in capsys.readouterr().err
    assert main(command("run", "--quiet")) == 3
