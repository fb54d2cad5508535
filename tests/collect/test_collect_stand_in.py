"""Recording with recorders that stand in for PyTorch's: what is asked of them, written and said."""

import gzip
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from stand_in_torch import Machine, ProfilerActivity, put_in_place

from simastra.errors import InputError


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """PyTorch stands here meanwhile."""
    before = {name for name in sys.modules if name.startswith("simastra.collect")}
    with monkeypatch.context() as patch:
        yield put_in_place(patch)
        for name in list(sys.modules):
            if name.startswith("simastra.collect") and name not in before:
                del sys.modules[name]


def collect(folder: Path, **options: Any) -> Any:
    return import_module("simastra.collect").collect(folder, **options)


def record(folder: Path, done: int, **options: Any) -> Any:
    with collect(folder, **options) as recorder:
        for _ in range(done):
            recorder.step()
    return recorder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pair_of_files_is_written_and_nothing_beside_it(torch: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    recorder = record(folder, 5)
    assert names(folder) == ["device.0.json.gz", "host.0.json.gz"]
    assert (recorder.host, recorder.device) == (
        folder / "host.0.json.gz",
        folder / "device.0.json.gz",
    )
    assert gzip.decompress(recorder.host.read_bytes()) == b'{"schema": "host"}\n'
    assert not torch.observed


def test_the_device_trace_names_itself_and_no_folder(torch: Machine, tmp_path: Path) -> None:
    assert torch.profiles == []
    record(tmp_path, 5)
    lines = gzip.decompress((tmp_path / "device.0.json.gz").read_bytes()).splitlines()
    events, name, other = map(json.loads, lines)
    assert (events, name) == ({"traceEvents": []}, {"traceName": "device.0.json.gz"})
    assert "recording" in other["again"]  # only the very name is replaced


def test_the_same_recording_makes_the_same_files(torch: Machine, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        record(tmp_path / folder, 5)
    assert torch
    for name in ("device.0.json.gz", "host.0.json.gz"):
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("a", "b"))
        if name.startswith("host"):
            assert one == two
        flags, time, effort = one[3], one[4:8], one[8]
        # Neither a name nor a time; compressed as well as gzip can.
        assert (flags, time, effort) == (0, bytes(4), 2)


@pytest.mark.parametrize("gpus", [False, True])
def test_what_is_recorded_and_when(torch: Machine, tmp_path: Path, gpus: object) -> None:
    torch.gpus = bool(gpus)
    record(tmp_path, 7, steps=3, warmup=4)
    record(tmp_path, 5)
    first, second = torch.profiles
    wanted = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if gpus else [])]
    assert first["activities"] == wanted
    assert first["schedule"] == {"wait": 0, "warmup": 4, "active": 3, "repeat": 1}
    assert second["schedule"] == {"wait": 0, "warmup": 2, "active": 3, "repeat": 1}
    assert first["execution_trace_observer"] is not second["execution_trace_observer"]


def test_a_recording_is_complete_with_its_last_step(torch: Machine, tmp_path: Path) -> None:
    assert torch
    with collect(tmp_path, steps=1, warmup=1) as recorder:
        told = [recorder.complete]
        for _ in range(3):
            recorder.step()
            told.append(recorder.complete)
    assert told == [False, False, True, True]


@pytest.mark.parametrize(
    ("available", "rank", "given", "number"),
    [
        (True, None, None, 0),
        (True, None, 0, 0),
        (True, None, 3, 3),
        (False, 5, None, 0),
        (False, 5, 3, 3),
        (True, 5, None, 5),
        (True, 5, 5, 5),
        (True, 0, None, 0),
    ],
)
def test_files_are_named_after_the_rank(
    torch: Machine,
    tmp_path: Path,
    available: object,
    rank: int | None,
    given: int | None,
    number: int,
) -> None:
    torch.is_available, torch.rank = bool(available), rank
    record(tmp_path, 5, rank=given)
    assert names(tmp_path) == [f"device.{number}.json.gz", f"host.{number}.json.gz"]


@pytest.mark.parametrize(
    ("options", "steps", "problem"),
    [
        ({"steps": 0}, 9, "steps must be 1 or more, not 0"),
        ({"warmup": 0}, 9, "warmup must be 1 or more, not 0"),
        ({"rank": -1}, 9, "rank must be 0 or more, not -1"),
        (
            {"rank": 1},
            9,
            "rank is 1, but this process has rank 2 in torch.distributed; leave the argument out",
        ),
        (
            {},
            4,
            "rank 2 did 4 steps, and recording takes 5: 2 to warm up and 3 to record; call step() "
            "at the end of each step, or record fewer",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    torch: Machine, tmp_path: Path, options: dict[str, Any], steps: int, problem: str
) -> None:
    torch.rank = 2
    with pytest.raises(InputError) as raised:
        record(tmp_path, steps, **options)
    assert str(raised.value) == problem
    assert names(tmp_path) == []
    assert not torch.observed


def test_a_process_is_recorded_once_at_a_time(torch: Machine, tmp_path: Path) -> None:
    with collect(tmp_path / "a", steps=1, warmup=1) as recorder:
        with pytest.raises(InputError, match="this process is being recorded already, and PyTorch"):
            record(tmp_path / "b", 5)
        assert len(torch.observed) == 1  # the first one goes on
        recorder.step()
        recorder.step()
    assert names(tmp_path / "a") == ["device.0.json.gz", "host.0.json.gz"]
    assert names(tmp_path / "b") == []


def test_a_program_that_fails_ends_with_its_own_error(torch: Machine, tmp_path: Path) -> None:
    def fail() -> None:
        with collect(tmp_path, steps=1, warmup=1) as recorder:
            recorder.step()
            recorder.step()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    assert names(tmp_path) == []
    assert not torch.observed
    record(tmp_path, 2, steps=1, warmup=1)
    assert len(names(tmp_path)) == 2


def test_a_profiler_that_fails_leaves_no_observer(torch: Machine, tmp_path: Path) -> None:
    torch.stops_badly = True
    with pytest.raises(OSError, match="the profiler can't stop"):
        record(tmp_path, 5)
    assert not torch.observed


def test_files_that_cannot_be_written_are_named(torch: Machine, tmp_path: Path) -> None:
    assert torch
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(InputError) as raised:
        record(file, 5)
    assert str(raised.value) == f"{file} can't be written: File exists"
    (tmp_path / "host.0.json.gz").mkdir()
    with pytest.raises(InputError, match=r"host\.0\.json\.gz"):
        record(tmp_path, 5)
    assert names(tmp_path) == ["file", "host.0.json.gz"]


def test_without_pytorch_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        put_in_place(patch)
        patch.setitem(sys.modules, "torch", None)
        with pytest.raises(ImportError, match=r"pip install 'simastra\[torch\]'") as raised:
            import_module("simastra.collect")
        assert isinstance(raised.value, InputError)
        for name in list(sys.modules):
            if name.startswith("simastra.collect"):
                del sys.modules[name]
