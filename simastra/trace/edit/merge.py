"""Several jobs as one trace: ids, tags, process groups and tensors of each are kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from simastra.errors import TraceError
from simastra.trace.annotations import ANNOTATED, NOT_ANNOTATED, Annotations
from simastra.trace.edit.jobs import Job, Merged, PlacedJob
from simastra.trace.edit.numbering import GroupNumbers, Numbering
from simastra.trace.edit.placing import Placing, placed_npus
from simastra.trace.nodes import MESSAGE_TYPES, Node
from simastra.trace.trace import Trace

LARGEST_TAG = 500_000_000 - 1
"""ASTRA-sim's master takes tags of messages modulo 500,000,000 (behaviour 1.9)."""

_OF_THE_STEP = ("tokens", "model_flops")
"""What annotations say of all NPUs together."""


def merge(jobs: Sequence[Job], npus: int | None = None) -> Merged:
    """Return several jobs as the one trace of a machine.

    Node ids, tags of messages and names of tensors stay as they are, unless jobs share an NPU: then
    those of the later job are moved beyond those of the earlier ones. Process groups keep their
    numbers where these are free. Collectives that name no group are among all NPUs of their *job*:
    they name a group of these from now on, unless the job has the whole machine to itself.

    Args:
        jobs: in the order in which their nodes start, where they share an NPU.
        npus: of the machine; as many as are needed if it is left out.

    Returns:
        the trace, the groups of all jobs, and where each job is.

    Raises:
        TraceError: there are no jobs, or two of one name; a placement doesn't fit in the machine; a
            collective names a group that there isn't, or a message an NPU that its job doesn't
            have; or shared NPUs would need more tags than ASTRA-sim tells apart.
    """
    needed = max((max(job.placement) + 1 for job in jobs), default=0)
    total = needed if npus is None else npus
    _check(jobs, needed, total)
    numbers = GroupNumbers()
    parts: list[_Part] = []
    for job in jobs:
        shared = [it for it in parts if not set(it.job.placement).isdisjoint(job.placement)]
        is_whole = len(jobs) == 1 and job.placement == tuple(range(total))
        parts.append(_part(job, shared, numbers, is_whole=is_whole))
    trace = Trace(
        tuple(_nodes(parts, total)),
        tuple(_sources(parts, total)),
        _annotations(parts, total),
    )
    return Merged(trace, numbers.members, tuple(it.placed for it in parts))


def _check(jobs: Sequence[Job], needed: int, npus: int) -> None:
    if not jobs:
        raise TraceError("there are no jobs; one or more are wanted", source="merge")
    names: set[str] = set()
    for job in jobs:
        if job.name in names:
            raise job.error("there are two jobs of this name; give each its own")
        names.add(job.name)
        if max(job.placement) >= npus:
            problem = f"its placement has NPU {max(job.placement)}; there are NPUs 0 to {npus - 1}"
            raise job.error(problem)


@dataclass(frozen=True, slots=True)
class _Part:
    """A job's share of the merged trace.

    Attributes:
        job: the job.
        nodes: of each of its NPUs, in the machine's numbers.
        placed: where it is.
        last_tag: the largest tag of its messages, -1 for none.
    """

    job: Job
    nodes: tuple[tuple[Node, ...], ...]
    placed: PlacedJob
    last_tag: int


def _part(job: Job, shared: Sequence[_Part], numbers: GroupNumbers, *, is_whole: bool) -> _Part:
    """A job's share, moved beyond those of the jobs with which it shares an NPU."""
    first_id = max((it.placed.after_id for it in shared), default=0)
    first_tag = max((it.last_tag for it in shared), default=-1) + 1
    distinct = job.trace.distinct
    last_tag = max((_tag(it) for nodes in distinct for it in nodes), default=-1)
    last_tag += first_tag if last_tag >= 0 else 0
    if shared and last_tag > LARGEST_TAG:
        raise job.error(
            f"its messages would need tags up to {last_tag}, where {LARGEST_TAG} is the largest "
            "that ASTRA-sim tells apart; use smaller tags, or NPUs that no other job has"
        )
    after_id = first_id + max((it.id for nodes in distinct for it in nodes), default=-1) + 1
    numbering = Numbering(job, numbers, is_whole=is_whole)
    prefix = f"{job.name}/" if shared else ""
    placing = Placing(job, first_id, first_tag, prefix)
    nodes = tuple(placed_npus(placing, numbering))
    used = numbering.used
    return _Part(job, nodes, PlacedJob(job.name, job.placement, first_id, after_id, used), last_tag)


def _tag(node: Node) -> int:
    return (node.comm_tag or 0) if node.type in MESSAGE_TYPES else -1


def _nodes(parts: Sequence[_Part], npus: int) -> Iterator[tuple[Node, ...]]:
    """Of each NPU of the machine the nodes of all jobs, in their order."""
    found: list[list[tuple[Node, ...]]] = [[] for _ in range(npus)]
    for part in parts:
        for place, nodes in zip(part.job.placement, part.nodes, strict=True):
            found[place].append(nodes)
    joined: dict[tuple[int, ...], tuple[Node, ...]] = {(): ()}
    for of_npu in found:
        if len(of_npu) == 1:
            yield of_npu[0]
            continue
        key = tuple(map(id, of_npu))
        if key not in joined:
            joined[key] = tuple(chain.from_iterable(of_npu))
        yield joined[key]


def _sources(parts: Sequence[_Part], npus: int) -> Iterator[str]:
    """What messages call the nodes of each NPU: what its job's trace does, and which job's."""
    found: list[list[str]] = [[] for _ in range(npus)]
    for part in parts:
        for place, source in zip(part.job.placement, part.job.trace.sources, strict=True):
            found[place].append(source if len(parts) == 1 else f"{source} (job {part.job.name})")
    return (" and ".join(it) or f"NPU {npu}" for npu, it in enumerate(found))


def _annotations(parts: Sequence[_Part], npus: int) -> tuple[Annotations, ...]:
    """What is said of the step: of all NPUs, where every job says it; of an NPU, of its jobs."""
    if not any(part.job.trace.annotations for part in parts):
        return ()
    said = [part.job.trace.annotations or (NOT_ANNOTATED,) for part in parts]
    of_all = {name: _sum(getattr(it[0], name) for it in said) for name in _OF_THE_STEP}
    found: list[list[Annotations]] = [[] for _ in range(npus)]
    for part in parts:
        its = part.job.trace.annotations or (NOT_ANNOTATED,) * len(part.job.placement)
        for place, own in zip(part.job.placement, its, strict=True):
            found[place].append(own)
    return tuple(_together(its, of_all) for its in found)


def _together(its: Sequence[Annotations], of_all: Mapping[str, int | None]) -> Annotations:
    if len(its) == 1 and all(getattr(its[0], name) == of_all[name] for name in of_all):
        return its[0]
    own = [name for name in ANNOTATED if name not in of_all]
    sums = {name: _sum(getattr(it, name) for it in its) if its else None for name in own}
    return Annotations(**sums, **of_all)


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum; None if a value is."""
    known = list(values)
    numbers = [it for it in known if it is not None]
    return sum(numbers) if len(numbers) == len(known) else None
