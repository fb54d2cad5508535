"""Which files belong to which rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.errors import InputError, TraceError
from simastra.foreign import InputRole
from simastra.notices import Notice
from simastra.units import NpuId

from .files import RecordingFile, look_at, named_files

_HOW = "name files by their ranks, as trace.rank0.json, or name those that belong together only"


@dataclass(frozen=True, slots=True)
class RankRecording:
    """What was recorded on a rank.

    Attributes:
        rank: of the process in the whole job.
        path: of the linked trace; else of the device trace; of the host trace if that is alone.
        host: of the host trace that is linked with `path`; None if there is nothing to link.
    """

    rank: NpuId
    path: Path
    host: Path | None = None


@dataclass(frozen=True, slots=True)
class FoundRecordings:
    """What was recorded.

    Attributes:
        ranks: a recording for each, in order.
        notices: what is doubtful about the files that were named.
    """

    ranks: tuple[RankRecording, ...]
    notices: tuple[Notice, ...]


def find_recordings(words: Sequence[str]) -> FoundRecordings:
    """Return what words name, a recording for each rank.

    A host and a device trace belong together if their names have the same number, or if the host
    trace's is the rank that the device trace says.

    Args:
        words: files, folders and patterns.

    Raises:
        InputError: nothing is named, or it can't be told what belongs together.
        TraceError: a file can't be read, or is no recording.
    """
    named = named_files(words)
    files = [look_at(path) for path in named.paths]
    by_role = {role: [it for it in files if it.role is role] for role in InputRole}
    hosts, devices = by_role[InputRole.HOST], by_role[InputRole.DEVICE]
    linked = [*by_role[InputRole.LINKED], *(hosts if not devices else ())]
    alone = len(linked) + len(devices) == 1
    found = [RankRecording(_rank(it, alone=alone), it.path) for it in linked]
    if devices:
        hosts_of = _paired(hosts, devices)
        found += [
            RankRecording(_rank(it, alone=alone), it.path, hosts_of.get(it.path)) for it in devices
        ]
    return FoundRecordings(tuple(_one_each(found)), tuple(map(_passed_over, named.passed_over)))


def _passed_over(path: Path) -> Notice:
    return Notice(
        "passed-over",
        str(path),
        "it isn't known what this file is, so it is passed over",
        "if it is a recording, it is damaged: name it alone, to hear how; else move it",
    )


def _rank(file: RecordingFile, *, alone: bool) -> NpuId:
    if file.rank is not None:
        return file.rank
    if file.number is not None:
        return file.number
    if alone:
        return 0
    raise TraceError(f"neither it nor its name tells its rank; {_HOW}", source=file.path)


def _paired(hosts: Sequence[RecordingFile], devices: Sequence[RecordingFile]) -> dict[Path, Path]:
    """The host trace of each device trace; of none, if there are no host traces at all."""
    if len(hosts) == len(devices) == 1 and _may_be_one(hosts[0], devices[0]):
        return {devices[0].path: hosts[0].path}
    pairs: dict[Path, Path] = {}
    for host in hosts:
        device = _device_of(host, devices)
        if device.path in pairs:
            raise TraceError(
                f"{pairs[device.path]} and this host trace are both of {device.path}; {_HOW}",
                source=host.path,
            )
        pairs[device.path] = host.path
    without = [device for device in devices if device.path not in pairs]
    if pairs and without:
        raise TraceError(
            f"this device trace has no host trace, as others have; {_HOW}", source=without[0].path
        )
    return pairs


def _may_be_one(host: RecordingFile, device: RecordingFile) -> bool:
    """Whether nothing says that the only two traces are of different ranks."""
    return host.number is None or device.rank is None or host.number == device.rank


def _device_of(host: RecordingFile, devices: Iterable[RecordingFile]) -> RecordingFile:
    same_number = [it for it in devices if it.number == host.number]
    same_rank = [it for it in devices if it.rank is not None and it.rank == host.number]
    for fitting in (same_number, same_rank):
        if len(fitting) == 1:
            return fitting[0]
    several = same_number or same_rank
    what = f"{len(several)} device traces" if several else "no device trace"
    which = "" if host.number is None else f" (its name has the number {host.number})"
    raise TraceError(f"{what} for this host trace{which}; {_HOW}", source=host.path)


def _one_each(found: list[RankRecording]) -> list[RankRecording]:
    by_rank: dict[NpuId, RankRecording] = {}
    for recording in found:
        other = by_rank.setdefault(recording.rank, recording)
        if other is not recording:
            raise InputError(
                f"{other.path} and {recording.path} are both of rank {recording.rank}; {_HOW}"
            )
    return sorted(found, key=lambda recording: recording.rank)
