"""What is doubtful in a linked trace, or was repaired, as notices."""

from collections.abc import Iterator, Sequence

from simastra.notices import Notice, Severity
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.view.phrases import listed

from .communications import Communications
from .read import LinkedTrace

_SHOWN = 5

_SIMULATED = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_TO_ALL,
)
"""The collectives that ASTRA-sim sends messages for."""


def notices_of(trace: LinkedTrace, communications: Communications) -> tuple[Notice, ...]:
    """Return the notices about what a trace holds and what it communicates."""
    return (*_about_times(trace), *_about_communication(trace, communications))


def cycle_notices(trace: LinkedTrace, removed: Sequence[tuple[int, int]]) -> tuple[Notice, ...]:
    """Return the notice about dependencies that went in a circle, if any did."""
    if not removed:
        return ()
    shown = listed([f"{node} on {needs}" for node, needs in removed], _SHOWN)
    return (
        Notice(
            "dependency-cycle",
            trace.source,
            f"dependencies went in a circle; removed were those of node {shown}",
            "link the trace again, from a host and a device trace of one recording",
        ),
    )


def linking_notices(trace: LinkedTrace) -> tuple[Notice, ...]:
    """Return the notice about a trace that Chakra's linker would have linked otherwise."""
    if trace.linked_by != "simastra":
        return ()
    return (
        Notice(
            "not-linked-like-chakra",
            trace.source,
            "'simastra link' linked it by better rules than Chakra's, so that the numbers will not "
            "be the reference's",
            "link it with 'simastra link --like-chakra'",
        ),
    )


def _about_times(trace: LinkedTrace) -> Iterator[Notice]:
    host = [op for op in trace.operators if not (op.on_device or op.is_root or op.tells_groups)]
    without = sum(1 for op in host if op.start is None)
    if not trace.has_host:
        return
    if without == len(host):
        yield Notice(
            "no-times",
            trace.source,
            "no operator has a time, as in a host trace alone, so computations take none",
            "link it with the device trace of the same run: simastra link",
        )
    elif 2 * without > len(host):
        yield Notice(
            "few-times",
            trace.source,
            f"{without} of {len(host)} operators of the host have no time, and take none",
            "link it with the device trace of the same run",
        )


def _about_communication(trace: LinkedTrace, communications: Communications) -> Iterator[Notice]:
    yield from _about_replayed(trace.source, communications)
    if communications.guessed_size:
        yield Notice(
            "guessed-size",
            trace.source,
            "communication that only the tensors of the operator that launched it give a size: "
            f"{_listed(communications.guessed_size)}",
            "record the host trace with its nccl: or c10d:: operators",
            Severity.INFO,
        )
    if communications.without_group:
        yield Notice(
            "unknown-group",
            trace.source,
            "communication that doesn't tell its process group, of which there are several, and is "
            f"taken to be of all NPUs: {_listed(communications.without_group)}",
            "link the trace with a device trace, whose kernels tell it",
        )
    yield from _about_collectives(trace.source, communications)


def _about_replayed(source: str, communications: Communications) -> Iterator[Notice]:
    if communications.unknown:
        yield Notice(
            "unknown-communication",
            source,
            "communication of which nothing tells what it is; it is a computation of the recorded "
            f"duration: {_listed(communications.unknown)}",
            "record the host trace with its nccl: or c10d:: operators",
        )
    if communications.without_size:
        yield Notice(
            "unknown-size",
            source,
            "communication of which nothing tells how much it is, as of a kernel in a CUDA graph "
            "that doesn't say; it is a computation of the recorded duration, on any network: "
            f"{_listed(communications.without_size)}",
            "record it with a PyTorch that gives kernels their arguments (In msg nelems, dtype), "
            "without CUDA graphs, or, where the CPU communicates, with record_shapes=True",
        )
    if communications.without_peer:
        yield Notice(
            "unknown-peer",
            source,
            "sends and receives of which the other side, or this one, isn't recorded; they are "
            f"computations of the recorded duration: {_listed(communications.without_peer)}",
            "give --rank, the process's rank in the job",
        )


def _about_collectives(source: str, communications: Communications) -> Iterator[Notice]:
    yield from _about_parts(source, communications)
    extended = {
        number: what.kind
        for number, what in communications.by_id.items()
        if isinstance(what.kind, CollectiveType) and what.kind not in _SIMULATED
    }
    if extended:
        kinds = dict.fromkeys(collective_name(kind) for kind in extended.values())
        named = ", ".join(f"{kind}s" for kind in kinds)
        yield Notice(
            "needs-extended-collectives",
            source,
            f"{named}, which ASTRA-sim doesn't simulate: {_listed(list(extended))}",
            "simulate the trace with --extended-collectives",
            Severity.INFO,
        )


def _about_parts(source: str, communications: Communications) -> Iterator[Notice]:
    """Collectives whose parts differ in size, or may do so."""
    listing = [number for number, what in communications.by_id.items() if what.sizes]
    if listing:
        yield Notice(
            "uneven-collective",
            source,
            "collectives whose parts differ in size, which list this rank's own for each "
            f"(comm_sizes): {_listed(listing)}",
            "nothing need be done here; ASTRA-sim doesn't read comm_sizes, and waits for ever if "
            "members' sizes differ",
            Severity.INFO,
        )
    uneven = [number for number, what in communications.by_id.items() if what.uneven]
    if uneven:
        yield Notice(
            "uneven-all-to-all",
            source,
            "all-to-alls whose parts may differ in size, and nothing tells this rank's own: they "
            "have the larger of what it sends and receives, and run with the largest size of any "
            f"member, in equal parts: {_listed(uneven)}",
            "record it with the split sizes of each call (the host's trace has them in full); "
            "ASTRA-sim waits for ever where members' sizes differ",
            Severity.INFO,
        )


def _listed(numbers: Sequence[int]) -> str:
    return f"{'node' if len(numbers) == 1 else 'nodes'} {listed(numbers, _SHOWN)}"
