"""What linking came to, in a few lines for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from simastra.convert.link.events import GpuOp
from simastra.convert.link.linker import LinkedRecording
from simastra.convert.link.matching import Method
from simastra.notices import Notice, Severity
from simastra.units import Ns
from simastra.view.phrases import share_words

_DOUBTFUL_SHARE = 0.01  # of kernels; single ones do come a little early where clocks agree


@dataclass(frozen=True, slots=True)
class GpuStream:
    """A stream of a GPU."""

    device: int
    number: int

    def __str__(self) -> str:
        return f"{self.number}" if self.device == 0 else f"{self.number} of GPU {self.device}"


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that was put right, or left out.

    Attributes:
        count: how often.
        what: what, as it follows that number.
    """

    count: int
    what: str


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """What linking came to.

    Attributes:
        operators: nodes of the host trace that are operators.
        linked: those that were found in the device trace.
        method: how they were recognised.
        gpu_ops: kernels, copies and sets in the device trace.
        launched: those that were linked to the operator that launched them.
        orphans: those within the host's recording whose operator isn't known; they are left out.
        outside: those launched before or after the host's recording; they are left out.
        threads: CPU threads with linked operators.
        streams: with linked work.
        clock_overlap: share, 0 to 1, of the time from the first to the last linked GPU work that
            lies between the first linked operator's start and the last's end; near 1 if the clocks
            of CPU and GPU agree. None without GPU work.
        early: linked GPU work that begins before its launch does, which no true clock shows.
        repairs: what was put right.
        notices: what is doubtful.
    """

    operators: int
    linked: int
    method: Method
    gpu_ops: int
    launched: int
    orphans: int
    outside: int
    threads: int
    streams: tuple[GpuStream, ...]
    clock_overlap: float | None
    early: int
    repairs: tuple[Repair, ...]
    notices: tuple[Notice, ...]

    def __str__(self) -> str:
        share = share_words(self.linked / self.operators)
        lines = [
            f"operators linked: {self.linked} of {self.operators} ({share}), by {self.method}",
            f"kernels linked: {self.launched} of {self.gpu_ops}; {self.orphans} without a parent, "
            f"{self.outside} outside of the host's recording",
            f"threads: {self.threads}; streams: {', '.join(map(str, self.streams)) or 'none'}",
            f"clock overlap: {self._clocks()}",
            "repaired: " + (", ".join(f"{r.count} {r.what}" for r in self.repairs) or "nothing"),
        ]
        return "\n".join(lines)

    def _clocks(self) -> str:
        if self.clock_overlap is None:
            return "no work on a GPU"
        early = f", {self.early} begin before their launch" if self.early else ""
        return f"{share_words(self.clock_overlap)} of the GPUs' time{early}"


def summarize(linked: LinkedRecording) -> LinkSummary:
    """Count what `linked` holds."""
    launched = linked.launched
    cpu_ops = linked.matching.cpu_ops.values()
    early = sum(_is_early(op, linked) for op in launched)
    return LinkSummary(
        operators=len(linked.host.operators),
        linked=len(cpu_ops),
        method=linked.matching.method,
        gpu_ops=len(linked.device.gpu_ops),
        launched=len(launched),
        orphans=linked.orphans,
        outside=linked.outside,
        threads=len({op.thread for op in cpu_ops}),
        streams=tuple(
            GpuStream(device, number)
            for device, number in sorted({(op.device, op.stream) for op in launched})
        ),
        clock_overlap=_overlap(linked, launched),
        early=early,
        repairs=tuple(repair for repair in _repairs(linked) if repair.count),
        notices=tuple(_notices(linked, early)),
    )


def _overlap(linked: LinkedRecording, launched: list[GpuOp]) -> float | None:
    if not launched:
        return None
    cpu_ops = linked.matching.cpu_ops.values()
    first, last = min(op.start for op in launched), max(op.start + op.duration for op in launched)
    start, end = min(op.start for op in cpu_ops), max(op.end for op in cpu_ops)
    shared: Ns = max(0, min(end, last) - max(start, first))
    return shared / (last - first) if last > first else float(start <= first <= end)


def _is_early(op: GpuOp, linked: LinkedRecording) -> bool:
    launch = None if op.correlation is None else linked.device.launches.get(op.correlation)
    return launch is not None and op.start < launch.start


def _repairs(linked: LinkedRecording) -> Iterator[Repair]:
    yield Repair(linked.tree.adopted, "nodes whose parent is missing, put under their thread")
    uncovered = "kernels launched outside of all operators, put under the one before"
    if linked.like_chakra:
        uncovered = "kernels put under an operator that had ended when they were launched"
    yield Repair(linked.uncovered, uncovered)
    misnamed = 0 if linked.like_chakra else linked.matching.misnamed
    yield Repair(misnamed, "record function ids of another operator, left unlinked")
    yield Repair(linked.device.repeated_launches, "launches with a correlation used before")
    yield Repair(linked.device.negative_durations, "negative durations, taken for 0")
    relabelled = linked.host.schema.name != linked.host.schema.written_as
    yield Repair(
        int(relabelled),
        f"schema, {linked.host.schema.name}, written as {linked.host.schema.written_as}",
    )


def _notices(linked: LinkedRecording, early: int) -> Iterator[Notice]:
    source = str(linked.device.source)
    yield from _pairing_notices(linked, source)
    if early > len(linked.launched) * _DOUBTFUL_SHARE:
        yield Notice(
            code="clocks-differ",
            where=source,
            message=f"{early} of {len(linked.launched)} kernels begin before they are launched",
            fix="GPU times aren't on the CPU's clock; record again, or trust durations only",
        )
    if linked.rank is not None and linked.device.rank is None:
        yield Notice(
            code="unknown-rank",
            where=source,
            message=f"it doesn't say its rank; it is taken to be {linked.rank}",
            fix="nothing to do, if it is",
            severity=Severity.INFO,
        )


def _pairing_notices(linked: LinkedRecording, source: str) -> Iterator[Notice]:
    """Doubts about whether the two traces are of one run."""
    pids = {str(op.thread.process) for op in linked.matching.cpu_ops.values()}
    process = linked.host.process
    if process is not None and str(process) not in pids:
        yield Notice(
            code="two-recordings",
            where=source,
            message=f"it is of process {', '.join(sorted(pids))}, and the host trace of {process}",
            fix="record both in one run, or make sure that both ran the same steps",
        )
    if linked.like_chakra and linked.matching.misnamed:
        yield Notice(
            code="misnamed-operators",
            where=source,
            message=f"{linked.matching.misnamed} record function ids are another operator's here "
            "than in the host trace; as by Chakra's linker, they are linked all the same",
            fix="record both in one run; or link without --like-chakra",
        )
