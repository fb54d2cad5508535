"""The recordings of all ranks to traces that fit each other, and one set of process groups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from simastra.convert.pytorch import GroupNumbering, add_groups
from simastra.cores import cores
from simastra.errors import OptionError
from simastra.notices import Notice, Severity
from simastra.units import NpuId

from .conversion import RankConversion, RankTask, convert_rank
from .pairing import RankRecording
from .processes import in_processes

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RanksConversion:
    """What came of the recordings of all ranks.

    Attributes:
        ranks: each rank's, in order.
        groups: process groups of the whole job: number to members.
        notices: each once, though it be of many ranks; and what is doubtful of them together.
    """

    ranks: tuple[RankConversion, ...]
    groups: dict[str, list[int]]
    notices: tuple[Notice, ...]


def convert_ranks(
    recordings: Sequence[RankRecording],
    *,
    like_chakra: bool = False,
    numbering: GroupNumbering | None = None,
    workers: int | None = None,
    on_rank: Callable[[int], None] = lambda _done: None,
) -> RanksConversion:
    """Convert the recordings of a job's ranks, in several processes.

    Args:
        recordings: of each rank.
        like_chakra: by the rules of Chakra's linker and converter.
        numbering: what the numbers of process groups are made of; None for PyTorch's names, or the
            members where ranks' names contradict each other.
        workers: how many processes; None for one for each core.
        on_rank: is told how many ranks are done, as one is.

    Raises:
        TraceError: a recording can't be read, linked or converted; of several, the lowest rank's.
        OptionError: the ranks' groups contradict each other, or an option doesn't apply.
    """
    count = cores() if workers is None else workers

    def converted(by: GroupNumbering) -> tuple[RankConversion, ...]:
        tasks = [RankTask(recording, like_chakra, by) for recording in recordings]
        done: list[RankConversion] = []
        for conversion in in_processes(convert_rank, tasks, count):
            done.append(conversion)
            on_rank(len(done))
        return tuple(done)

    ranks = converted(numbering or GroupNumbering.NAMES)
    more: list[Notice] = []
    try:
        groups = _merged(ranks)
    except OptionError:
        if numbering is not None:
            raise
        ranks = converted(GroupNumbering.MEMBERS)
        groups = _merged(ranks)
        more.append(_renumbered(recordings[0]))
    more += _missing(ranks, recordings[0])
    return RanksConversion(ranks, groups, (*_once(ranks), *more))


def _merged(ranks: Iterable[RankConversion]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for rank in ranks:
        where = f"the trace of rank {rank.rank}"
        groups = add_groups(groups, rank.conversion.groups, "the ranks before", where)
    return groups


def _once(ranks: Iterable[RankConversion]) -> list[Notice]:
    """The notices, those of one kind and of several ranks as one."""
    found: dict[str, list[Notice]] = {}
    for rank in ranks:
        for code in dict.fromkeys(notice.code for notice in rank.notices):
            found.setdefault(code, []).extend(it for it in rank.notices if it.code == code)
    return [_as_one(notices) for notices in found.values()]


def _as_one(notices: Sequence[Notice]) -> Notice:
    others = {notice.where for notice in notices} - {notices[0].where}
    if not others:
        return notices[0]
    worst = next((it for it in notices if it.severity is Severity.WARNING), notices[0])
    files = "another file" if len(others) == 1 else f"{len(others)} other files"
    return replace(worst, message=f"{worst.message}; likewise {files}")


def _renumbered(first: RankRecording) -> Notice:
    return Notice(
        "groups-by-members",
        str(first.path),
        "ranks name their process groups differently, so the groups' numbers are made of their "
        "members",
        "nothing need be done",
        Severity.INFO,
    )


def _missing(ranks: Sequence[RankConversion], first: RankRecording) -> list[Notice]:
    """What is doubtful where not all ranks of the job are there."""
    there = {rank.rank for rank in ranks}
    world = max(rank.world_size for rank in ranks)
    size = max(world, max(there) + 1)
    missing = size - len(there)
    if not missing:
        return []
    which = _first_missing(there, size)
    more = f" and {missing - len(which)} more" if missing > len(which) else ""
    return [
        Notice(
            "missing-ranks",
            str(first.path),
            f"{missing} of {size} ranks have no recording ({', '.join(map(str, which))}{more}), "
            "and so no trace, which a run wants for each NPU",
            "record all ranks; or let all NPUs do what one did: simastra run --replicate",
        )
    ]


def _first_missing(there: set[NpuId], size: int) -> list[NpuId]:
    found: list[NpuId] = []
    for rank in range(size):
        if rank not in there:
            found.append(rank)
        if len(found) == _SHOWN:
            break
    return found
