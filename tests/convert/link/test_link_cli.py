"""``simastra link`` as a process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from link_recordings import Recording, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recording = Recording()
    recording.op(3, "aten::linear", 1000, 100)
    recording.kernel(901, launched=1020, start=1030)
    write(tmp_path / "host.json", recording.host)
    write(tmp_path / "device.json", {**recording.device, "distributedInfo": {"rank": 4}})
    for event in recording.events:
        event["pid"] = 78
    write(tmp_path / "other.json", recording.device)
    return tmp_path


def _call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simastra", "link", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


_SUMMARY = """\
operators linked: 1 of 1 (100.0 %), by record function id
kernels linked: 1 of 1; 0 without a parent, 0 outside of the host's recording
threads: 1; streams: 7
clock overlap: 100.0 % of the GPUs' time
repaired: nothing
"""


def test_it_writes_the_linked_trace_and_a_summary(folder: Path) -> None:
    process = _call(folder, "host.json", "device.json", "--output", "linked.json")
    assert (process.returncode, process.stdout, process.stderr) == (0, _SUMMARY, "")
    assert len(json.loads((folder / "linked.json").read_text())["nodes"]) == 4


def test_chakras_option_names_do_the_same(folder: Path) -> None:
    _call(folder, "host.json", "device.json", "--output", "a.json")
    words = "--chakra-host-trace host.json --chakra-device-trace device.json --rank 4"
    process = _call(folder, *words.split(), "--output-file", "b.json")
    assert (process.returncode, process.stdout) == (0, _SUMMARY)
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


def test_like_chakra_takes_chakra_s_rules(folder: Path) -> None:
    words = ("host.json", "device.json", "--output", "linked.json", "--like-chakra")
    process = _call(folder, *words)
    assert (process.returncode, process.stdout, process.stderr) == (0, _SUMMARY, "")
    document = json.loads((folder / "linked.json").read_text())
    assert "linked_by" not in document
    assert document["nodes"][-1]["ts"] == 1020  # the kernel's, when it was launched


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "simastra: HOST is required; see --help"),
        ("host.json --output o.json", "simastra: DEVICE is required; see --help"),
        ("host.json device.json", "simastra: --output: is required; see --help"),
        ("host.json device.json --output host.json", "simastra: --output: host.json is an input"),
        ("a.json device.json --output o.json", "simastra: a.json: the file does not exist"),
        ("host.json host.json --output o.json", "simastra: host.json: this is a host trace"),
        ("host.json device.json --output o.json --rank 3", "simastra: --rank: device.json is of"),
        ("host.json device.json --output o.json --rank=-1", "simastra: --rank: must be 0 or more"),
        ("host.json --chakra-host-trace=host.json", "simastra: HOST is given twice"),
        ("host.json other.json --output o.json --strict", "simastra: --strict allows no warnings"),
    ],
)
def test_what_is_wrong_is_one_message_and_exit_code_2(
    words: str, message: str, folder: Path
) -> None:
    process = _call(folder, *words.split())
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith(message)
    assert "Traceback" not in process.stderr
    assert not (folder / "o.json").exists()


def test_doubts_are_told_unless_quiet(folder: Path) -> None:
    words = ("host.json", "other.json", "--output", "linked.json")
    process = _call(folder, *words)
    assert process.returncode == 0
    assert process.stderr.startswith("simastra: notice: other.json: it is of process 78")
    assert _call(folder, *words, "--quiet").stderr == ""


_ON_A_FULL_DISK = """
import resource, signal, sys
from simastra.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(main(["link", "host.json", "device.json", "--output", "linked.json"]))
"""


def test_a_full_disk_leaves_what_was_there_and_nothing_half(folder: Path) -> None:
    (folder / "linked.json").write_text("before")
    process = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 2
    assert "--output: linked.json can't be written" in process.stderr
    assert (folder / "linked.json").read_text() == "before"
    assert [path.name for path in folder.glob(".*")] == []
