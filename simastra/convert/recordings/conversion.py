"""The recording of one rank to the content of its trace."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from simastra.convert.link import (
    LinkSummary,
    link,
    link_like_chakra,
    load_device,
    load_host,
    summarize,
    write_linked,
)
from simastra.convert.pytorch import (
    Conversion,
    GroupNumbering,
    LinkedTrace,
    convert_pytorch,
    read_linked,
)
from simastra.errors import TraceError
from simastra.notices import Notice
from simastra.units import NpuId

from .pairing import RankRecording
from .reading import read_recording


@dataclass(frozen=True, slots=True)
class RankTask:
    """What is to be converted, and how.

    Attributes:
        recording: of which rank.
        like_chakra: whether by the rules of Chakra's linker and converter.
        numbering: what the numbers of process groups are made of.
    """

    recording: RankRecording
    like_chakra: bool
    numbering: GroupNumbering

    def __str__(self) -> str:
        """What a message calls it."""
        return str(self.recording.path)


@dataclass(frozen=True, slots=True)
class RankConversion:
    """What came of the recording of one rank.

    Attributes:
        rank: of the process in the whole job.
        conversion: its trace.
        world_size: how many processes the job has; 0 if that isn't told.
        notices: of linking and of converting.
    """

    rank: NpuId
    conversion: Conversion
    world_size: int
    notices: tuple[Notice, ...]


def convert_rank(task: RankTask) -> RankConversion:
    """Read, link if need be, and convert the recording of one rank.

    Raises:
        TraceError: it can't be read, linked or converted, or is of another rank.
        OptionError: Chakra's rules are asked for where they don't apply.
    """
    recording = task.recording
    summary: LinkSummary | None = None
    if recording.host is None:
        trace = read_recording(recording.path)
    else:
        trace, summary = _linked(recording.host, recording.path, like_chakra=task.like_chakra)
    if trace.rank not in {None, recording.rank}:
        raise TraceError(
            f"it is of rank {trace.rank}, and its name of rank {recording.rank}; name files by "
            "their ranks, as trace.rank0.json",
            source=recording.path,
        )
    conversion = convert_pytorch(
        trace, like_chakra=task.like_chakra, rank=recording.rank, numbering=task.numbering
    )
    linking = () if summary is None else summary.notices
    return RankConversion(
        recording.rank, conversion, trace.world_size, (*linking, *conversion.notices)
    )


def _linked(host: Path, device: Path, *, like_chakra: bool) -> tuple[LinkedTrace, LinkSummary]:
    """What a linked trace holds, which is on the disk for a moment: in memory it is large."""
    join = link_like_chakra if like_chakra else link
    linked = join(load_host(host), load_device(device))
    summary = summarize(linked)
    with TemporaryDirectory(prefix="simastra-") as folder:
        between = Path(folder) / "linked.json"
        write_linked(linked, between)
        return read_linked(between, source=device), summary
