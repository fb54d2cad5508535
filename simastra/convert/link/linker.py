"""Link a host trace and a device trace: times to operators, and to each what it launched.

(docs/chakra.md 2.4. Deliberately unlike Chakra: a match wants equal names;
memory sets are linked too; what is launched belongs to the innermost operator that covers the
launch; an operator that isn't matched takes no time away from the one around it.)
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from simastra.convert.link.events import CpuOp, GpuOp, Launch, Thread, micros
from simastra.convert.link.host import HostOp, HostTrace
from simastra.convert.link.kineto import Correlation, DeviceTrace
from simastra.convert.link.matching import Matching, match_operators
from simastra.convert.link.nesting import Launcher, find_launchers, own_times
from simastra.convert.link.threads import hand_overs
from simastra.convert.link.tree import Tree, find_parents
from simastra.errors import OptionError, TraceError
from simastra.gc_policy import collector_paused
from simastra.units import Ns

_NCCL = "nccl"


@dataclass(frozen=True, slots=True)
class Timing:
    """When an operator ran.

    Attributes:
        start: in ns, on the device trace's clock.
        duration: in ns.
        own_micros: the part of it outside of the operators within it, in µs, as it is written:
            what Chakra makes of it has float noise, which counts.
        follows: id of the operator of another thread that it waited for, if any.
    """

    start: Ns
    duration: Ns
    own_micros: float
    follows: int | None


@dataclass(frozen=True, slots=True)
class LinkedOp:
    """A host operator with what the device trace says of it.

    Attributes:
        host: the operator.
        parent: id of the node within which it ran.
        timing: when it ran, if the device trace has it.
        launched: what it started on GPUs, in order of launch.
    """

    host: HostOp
    parent: int
    timing: Timing | None
    launched: tuple[GpuOp, ...]


@dataclass(frozen=True, slots=True)
class LinkedRecording:
    """Both traces in one.

    Attributes:
        host: the host trace.
        device: the device trace.
        ops: the host's nodes by id, with what they launched.
        matching: which operators were found in the device trace.
        tree: the nodes' parents.
        rank: as given, if it was.
        uncovered: linked GPU work that was launched after its operator had ended.
        orphans: GPU work launched within the host's recording for which no operator is known.
        outside: GPU work launched before the first or after the last operator that was found.
        like_chakra: whether it is linked, and to be written, as by Chakra's linker.
    """

    host: HostTrace
    device: DeviceTrace
    ops: tuple[LinkedOp, ...]
    matching: Matching
    tree: Tree
    rank: int | None
    uncovered: int
    orphans: int
    outside: int
    like_chakra: bool

    @property
    def launched(self) -> list[GpuOp]:
        """All linked GPU work."""
        return [gpu_op for op in self.ops for gpu_op in op.launched]


@collector_paused()
def link(host: HostTrace, device: DeviceTrace, *, rank: int | None = None) -> LinkedRecording:
    """Link the two traces of one process.

    Args:
        host: what its CPU threads did.
        device: when, and what ran on its GPUs.
        rank: its rank, to be checked against the device trace's.

    Raises:
        OptionError: the device trace is of another rank.
        TraceError: fewer than half of the host's operators are in the device trace.
    """
    check_rank(device, rank)
    tree = find_parents(host.ops, host.source)
    matching = match_operators(host, device)
    check_share(host, device, matching)
    found = _Work.find(device, matching.cpu_ops.values())
    timings = _timings(matching)
    ops = tuple(
        LinkedOp(
            host=op,
            parent=tree.parents[op.id],
            timing=timings.get(op.id),
            launched=found.of(matching.cpu_ops.get(op.id)),
        )
        for op in host.ops
    )
    return LinkedRecording(
        host=host,
        device=device,
        ops=ops,
        matching=matching,
        tree=tree,
        rank=rank,
        uncovered=found.uncovered,
        orphans=found.orphans,
        outside=found.outside,
        like_chakra=False,
    )


def check_rank(device: DeviceTrace, rank: int | None) -> None:
    """Refuse a device trace of another rank than this, if both are known.

    Raises:
        OptionError: it is of another rank.
    """
    if rank is not None and device.rank is not None and rank != device.rank:
        raise OptionError(
            "rank", f"{device.source} is of rank {device.rank}, not {rank}; name that rank's trace"
        )


def check_share(host: HostTrace, device: DeviceTrace, matching: Matching) -> None:
    """Refuse traces that have too little in common.

    Raises:
        TraceError: fewer than half of the host's operators are in the device trace.
    """
    operators, linked = len(host.operators), len(matching.cpu_ops)
    if not operators:
        raise TraceError("there are no operators; record at least one step", source=host.source)
    if 2 * linked < operators:
        hint = (
            f", and {matching.misnamed} of its record function ids are other operators' there"
            if matching.misnamed
            else ""
        )
        raise TraceError(
            f"only {linked} of the {operators} operators of {host.source} are in this device trace "
            f"({len(device.cpu_ops)} operators){hint}; record both in one run, over the same steps",
            source=device.source,
        )


def _timings(matching: Matching) -> dict[int, Timing]:
    ids = {cpu_op: id_ for id_, cpu_op in matching.cpu_ops.items()}
    ops = _by_start(ids)
    own = {op: time for some in _by_thread(ops).values() for op, time in own_times(some).items()}
    follows = hand_overs(ops)
    timings = {}
    for id_, op in matching.cpu_ops.items():
        followed = ids[follows[op]] if op in follows else id_
        # What follows has the higher id: threads that wait for each other must not do so for ever.
        before = followed if followed < id_ else None
        timings[id_] = Timing(op.start, op.end - op.start, micros(own[op]), before)
    return timings


def _by_start(ops: Collection[CpuOp]) -> list[CpuOp]:
    return sorted(ops, key=lambda op: (op.start, -op.end))


def _by_thread(ops: list[CpuOp]) -> dict[Thread, list[CpuOp]]:
    threads: dict[Thread, list[CpuOp]] = defaultdict(list)
    for op in ops:
        threads[op.thread].append(op)
    return threads


@dataclass(frozen=True, slots=True)
class _Work:
    """GPU work by the operator that launched it, and counts of what has none."""

    by_op: dict[CpuOp, list[GpuOp]]
    uncovered: int
    orphans: int
    outside: int

    @classmethod
    def find(cls, device: DeviceTrace, linked: Collection[CpuOp]) -> "_Work":
        ops = _by_start(linked)
        first, last = ops[0].start, max(op.end for op in ops)
        launchers = _launchers(device, ops)
        external = {op.external: op for op in ops if op.external is not None}
        by_op: dict[CpuOp, list[GpuOp]] = defaultdict(list)
        uncovered = orphans = outside = 0
        for gpu_op in sorted(device.gpu_ops, key=lambda op: issued(op, device)):
            launcher = _launcher(gpu_op, launchers, external)
            if not first <= issued(gpu_op, device) <= last:
                outside += 1
            elif launcher is None:
                orphans += 1
            else:
                uncovered += not launcher.covers
                by_op[launcher.op].append(gpu_op)
        return cls(by_op, uncovered, orphans, outside)

    def of(self, op: CpuOp | None) -> tuple[GpuOp, ...]:
        return () if op is None else tuple(self.by_op.get(op, ()))


def _launchers(device: DeviceTrace, ops: list[CpuOp]) -> dict[Correlation, Launcher]:
    launches: dict[Thread, list[Launch]] = defaultdict(list)
    for launch in device.launches.values():
        launches[launch.thread].append(launch)
    collectives = frozenset(
        op.correlation
        for op in device.gpu_ops
        if op.correlation is not None and _NCCL in op.name.lower()
    )
    found: dict[Correlation, Launcher] = {}
    for thread, some in _by_thread(ops).items():
        found.update(find_launchers(some, launches.get(thread, ()), collectives))
    return found


def _launcher(
    gpu_op: GpuOp, launchers: dict[Correlation, Launcher], external: dict[int, CpuOp]
) -> Launcher | None:
    if gpu_op.correlation is not None and gpu_op.correlation in launchers:
        return launchers[gpu_op.correlation]
    # In old traces the external id is but the correlation once more, not an operator's.
    if gpu_op.external is None or gpu_op.external == gpu_op.correlation:
        return None
    op = external.get(gpu_op.external)
    return Launcher(op, covers=True) if op is not None and op.start <= gpu_op.start else None


def issued(gpu_op: GpuOp, device: DeviceTrace) -> Ns:
    """Return when it was launched; when it began, if its launch isn't known."""
    launch = device.launches.get(gpu_op.correlation) if gpu_op.correlation is not None else None
    return gpu_op.start if launch is None else launch.start
