"""Link as Chakra's linker of hoti2024 does, wrong rules too: what the reference's numbers rest on.

Unlike it, traces that have too little in common are refused, and what makes it crash doesn't here.
(docs/chakra.md 2.4.)
"""

from collections.abc import Iterable, Sequence

from simastra.convert.link.chakra_rules import (
    OperatorSpan,
    by_thread,
    followed,
    launched,
    own_times,
    spans_of,
)
from simastra.convert.link.events import CpuOp, GpuOp
from simastra.convert.link.host import HostTrace
from simastra.convert.link.kineto import DeviceTrace
from simastra.convert.link.linker import (
    LinkedOp,
    LinkedRecording,
    Timing,
    check_rank,
    check_share,
    issued,
)
from simastra.convert.link.matching import Matching, Method
from simastra.convert.link.tree import Tree, find_parents
from simastra.gc_policy import collector_paused


@collector_paused()
def link_like_chakra(
    host: HostTrace, device: DeviceTrace, *, rank: int | None = None
) -> LinkedRecording:
    """Link the two traces of one process as Chakra's linker does.

    Operators are recognised by their record function id alone.

    Args:
        host: what its CPU threads did.
        device: when, and what ran on its GPUs.
        rank: its rank, to be checked against the device trace's.

    Raises:
        OptionError: the device trace is of another rank.
        TraceError: fewer than half of the host's operators are in the device trace, or the parents
            of a node lead in a circle.
    """
    check_rank(device, rank)
    find_parents(host.ops, host.source)  # for circles; missing parents stay missing
    spans = spans_of(device.cpu_ops)
    matching = _match(host, spans)
    check_share(host, device, matching)
    by_op = launched(device, by_thread(spans))
    by_host_op = {id_: by_op.get(cpu_op, ()) for id_, cpu_op in matching.cpu_ops.items()}
    timings = _timings(host, matching, spans)
    ops = tuple(
        LinkedOp(
            host=op,
            parent=op.parent,
            timing=timings.get(op.id),
            launched=tuple(by_host_op.get(op.id, ())),
        )
        for op in host.ops
    )
    left_out = set(device.gpu_ops).difference(*(op.launched for op in ops))
    outside = _outside(left_out, matching, device)
    return LinkedRecording(
        host=host,
        device=device,
        ops=ops,
        matching=matching,
        tree=Tree({op.id: op.parent for op in host.ops}, adopted=0),
        rank=rank,
        uncovered=_uncovered(ops, matching, device),
        orphans=len(left_out) - outside,
        outside=outside,
        like_chakra=True,
    )


def _match(host: HostTrace, spans: Sequence[OperatorSpan]) -> Matching:
    known = {span.op.rf_id: span.op for span in spans if span.op.rf_id is not None}
    reached = _reached(host)
    matched: dict[int, CpuOp] = {}
    misnamed = 0
    for op in host.operators:
        cpu_op = None if op.rf_id is None else known.get(op.rf_id)
        if cpu_op is not None and op.id in reached:
            matched[op.id] = cpu_op
            misnamed += cpu_op.name != op.name
    return Matching(Method.RECORD_FUNCTION_ID, matched, misnamed)


def _reached(host: HostTrace) -> set[int]:
    """Ids of the nodes within the process; those with a missing parent above them aren't."""
    parents = {op.id: op.parent for op in host.ops}
    reached = {op.id for op in host.ops if op.parent == op.id}
    lost: set[int] = set()
    for id_ in parents:
        path: list[int] = []
        at = id_
        while at in parents and at not in reached and at not in lost:
            path.append(at)
            at = parents[at]
        (reached if at in reached else lost).update(path)
    return reached


def _timings(
    host: HostTrace, matching: Matching, spans: Sequence[OperatorSpan]
) -> dict[int, Timing]:
    threads = by_thread(spans)
    own = {op: time for some in threads.values() for op, time in own_times(some).items()}
    follows = followed(threads)
    linked: dict[int, int] = {}  # record function id to the host operator, as far as linked
    timings: dict[int, Timing] = {}
    for op in host.ops:
        cpu_op = matching.cpu_ops.get(op.id)
        if cpu_op is None or op.rf_id is None:
            continue
        linked[op.rf_id] = op.id
        before = follows.get(cpu_op)
        rf_id = None if before is None else before.rf_id
        timings[op.id] = Timing(
            start=cpu_op.start,
            duration=cpu_op.end - cpu_op.start,
            own_micros=own[cpu_op],
            follows=linked.get(rf_id) if rf_id else None,
        )
    return timings


def _uncovered(ops: Sequence[LinkedOp], matching: Matching, device: DeviceTrace) -> int:
    return sum(
        issued(gpu_op, device) >= matching.cpu_ops[op.host.id].end
        for op in ops
        for gpu_op in op.launched
    )


def _outside(left_out: Iterable[GpuOp], matching: Matching, device: DeviceTrace) -> int:
    first = min(op.start for op in matching.cpu_ops.values())
    last = max(op.end for op in matching.cpu_ops.values())
    return sum(not first <= issued(gpu_op, device) <= last for gpu_op in left_out)
