"""Some mistakes again through a real process: its exit code, its stderr and its stdout."""

import os
import subprocess
import sys

import pytest
from broken_inputs import NPUS, Fault, Files, Outcome, coll, comp, recv, send

TIME_LIMIT = 20
"""Seconds in which any of these must have been answered."""


def in_a_process(files: Files) -> Outcome:
    unwanted = ("SIMASTRA_TRACEBACK", "COLUMNS", "FORCE_COLOR")
    process = subprocess.run(
        [sys.executable, "-m", "simastra", *files.command()],
        cwd=files.folder,
        env={key: value for key, value in os.environ.items() if key not in unwanted},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    return Outcome(process.returncode, process.stdout, process.stderr)


def cut(files: Files) -> None:
    path = files.folder / "wl.1.et"
    path.write_bytes(path.read_bytes()[:-3])


REFUSED = (
    Fault("a cut trace", cut, ("wl.1.et, byte", "are left; the file is truncated")),
    Fault(
        "a circle",
        lambda files: files.trace(3, [comp(1, [2]), comp(2, [1])]),
        ("wl.3.et, node 1: dependency cycle 1 -> 2 -> 1",),
    ),
    Fault(
        "an unknown algorithm",
        lambda files: files.system(all_reduce_implementation=["rign"]),
        ("sys.json: all-reduce-implementation[0]: unknown algorithm 'rign'; did you mean 'ring'?",),
    ),
    Fault(
        "a missing system", lambda files: (files.folder / "sys.json").unlink(), ("sys.json: file",)
    ),
    Fault(
        "ten megabytes of network",
        lambda files: files.write("net.yml", b"[" * 10**7),
        ("net.yml: is not YAML", "(line 1)"),
    ),
    Fault(
        "a hundred megabytes of network",
        lambda files: files.write("net.yml", b"[" * 10**8),
        ("net.yml: is larger than",),
    ),
    Fault(
        "a network of tbd",
        lambda files: files.network(latency="[tbd]"),
        ("net.yml: latency[0]: ", "'tbd'", "(line 4)"),
    ),
    Fault(
        "no queues", lambda files: files.words.append("--num-queues-per-dim=0"), ("--num-queue",)
    ),
    Fault(
        "ten megabytes of trace",
        lambda files: files.write("wl.0.et", b"\x07\n\x050.0.4" + b"\xff" * 10**7),
        ("wl.0.et, byte 8: ",),
    ),
)

HANGS = (
    Fault(
        "a wrong tag",
        lambda files: files.traces(
            [send(1, 1, comm_tag=1)], [recv(2, 0, comm_tag=2)], [comp(1)], [comp(1)]
        ),
        ("NPU 1, node 2 ('recv2')", "NPU 0's send, node 1, has tag 1", "tag mismatch"),
    ),
    Fault(
        "a missing collective",
        lambda files: files.traces(*[[coll(1)]] * (NPUS - 1), [comp(1)]),
        ("NPU 3 has finished with 0 of them", "missing collective"),
    ),
)


@pytest.mark.parametrize("fault", REFUSED, ids=str)
def test_a_process_refuses_a_mistake(fault: Fault, files: Files) -> None:
    fault.spoil(files)
    in_a_process(files).check_refused(*fault.says)


@pytest.mark.parametrize("fault", HANGS, ids=str)
def test_a_process_reports_a_hang(fault: Fault, files: Files) -> None:
    fault.spoil(files)
    in_a_process(files).check_deadlock(*fault.says)


def test_a_process_without_a_mistake_finishes(files: Files) -> None:
    in_a_process(files).check_finished()
