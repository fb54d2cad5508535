"""Recording one rank of a training program to a pair of files, whole or not at all."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import torch.distributed

from simastra.errors import InputError
from simastra.writing import Replacement, WriteError

from .window import RecordedWindow

_LEVEL = 9  # gzip's best: recordings are kept and sent around, and take a second at most


class Recorder:
    """What the training program tells about its progress. Made by `collect`.

    Attributes:
        host: where the host trace will be: ``host.<rank>.json.gz``.
        device: where the device trace will be: ``device.<rank>.json.gz``.
    """

    def __init__(self, window: RecordedWindow, host: Path, device: Path, needed: int) -> None:
        self.host = host
        self.device = device
        self._window = window
        self._needed = needed

    def step(self) -> None:
        """Say that a training step has ended; call it at the end of each."""
        self._window.step()

    @property
    def complete(self) -> bool:
        """Whether all steps that were to be recorded have been; what follows isn't recorded."""
        return self._window.steps_done >= self._needed


@contextmanager
def collect(
    folder: Path | str, *, rank: int | None = None, steps: int = 3, warmup: int = 2
) -> Iterator[Recorder]:
    """Record some training steps of this process.

    Enter it right before the training loop, on every rank, and call `Recorder.step` at the end of
    each step; ``warmup + steps`` steps are needed, and later ones aren't recorded. Leaving it
    writes ``host.<rank>.json.gz`` and ``device.<rank>.json.gz``: the pair for ``simastra link``.

    Args:
        folder: where the files go; made if there is none.
        rank: of this process; by default what torch.distributed says, or 0 where it isn't used.
        steps: how many are recorded, 1 or more.
        warmup: how many go before, 1 or more: the profiler starts in them, and first steps aren't
            like the others. Data parallel training, for one, sorts its buckets anew in the second.

    Raises:
        InputError: an argument is wrong, the process is being recorded already, the program did
            too few steps, or a file can't be written. Nothing is written then; neither is
            anything where the program itself raises.
    """
    _check_counts(steps, warmup)
    number = _rank(rank)
    place = Path(folder)
    with _unfinished_folder(place, number) as unfinished:
        host, device = Path(unfinished, "host.json"), Path(unfinished, "device.json")
        window = RecordedWindow(host, device, warmup=warmup, steps=steps)
        recorder = Recorder(
            window,
            place / f"host.{number}.json.gz",
            place / f"device.{number}.json.gz",
            warmup + steps,
        )
        try:
            yield recorder
        finally:
            window.close()
        if not recorder.complete:
            raise InputError(
                f"rank {number} did {window.steps_done} steps, and recording takes "
                f"{warmup + steps}: {warmup} to warm up and {steps} to record; "
                "call step() at the end of each step, or record fewer"
            )
        _put_in_place({host: recorder.host, device: recorder.device})


def _check_counts(steps: int, warmup: int) -> None:
    for name, count in (("steps", steps), ("warmup", warmup)):
        if count < 1:
            raise InputError(f"{name} must be 1 or more, not {count}")


def _rank(given: int | None) -> int:
    """The rank of this process, which the files are named after."""
    if given is not None and given < 0:
        raise InputError(f"rank must be 0 or more, not {given}")
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return given or 0
    actual: int = torch.distributed.get_rank()
    if given not in {None, actual}:
        raise InputError(
            f"rank is {given}, but this process has rank {actual} in torch.distributed; "
            "leave the argument out"
        )
    return actual


def _unfinished_folder(folder: Path, rank: int) -> TemporaryDirectory[str]:
    """Make the folder, and one within it for what PyTorch records."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return TemporaryDirectory(prefix=f".recording.{rank}.", dir=folder)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _put_in_place(files: dict[Path, Path]) -> None:
    """Compress the recorded files to where they belong, both as one."""
    try:
        with Replacement() as replacement:
            for recorded, final in files.items():
                with replacement.open(final) as raw:
                    _compress(recorded, final.name, raw)
    except WriteError as error:
        raise InputError(str(error)) from None


def _compress(recorded: Path, name: str, raw: BinaryIO) -> None:
    # Kineto writes into its trace where it put it. That place is gone when the recording is done,
    # and it would tell whoever gets the trace about the folders of this machine.
    here, there = (json.dumps(str(path)).encode() for path in (recorded, name))
    with (
        recorded.open("rb") as plain,
        # No name and no time in the header: the same recording makes the same file.
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
    ):
        packed.writelines(line.replace(here, there) for line in plain)


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} can't be written: {error.strerror or error}")
