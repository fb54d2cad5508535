"""What is doubtful in a linked trace, or was repaired, as notices."""

from collections.abc import Iterator, Sequence

from simastra.notices import Notice, Severity
from simastra.trace import CollectiveType

from .communication import Communications
from .read import LinkedTrace

_SHOWN = 5


def notices_of(trace: LinkedTrace, communications: Communications) -> tuple[Notice, ...]:
    """Return the notices about what a trace holds and what it communicates."""
    return (*_about_times(trace), *_about_communication(trace, communications))


def cycle_notices(trace: LinkedTrace, removed: Sequence[tuple[int, int]]) -> tuple[Notice, ...]:
    """Return the notice about dependencies that went in a circle, if any did."""
    if not removed:
        return ()
    shown = ", ".join(f"{node} on {needs}" for node, needs in removed[:_SHOWN])
    more = f" and {len(removed) - _SHOWN} more" if len(removed) > _SHOWN else ""
    return (
        Notice(
            "dependency-cycle",
            trace.source,
            f"dependencies went in a circle; removed were those of node {shown}{more}",
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
    if communications.unknown:
        yield Notice(
            "unknown-communication",
            trace.source,
            f"{_listed(communications.unknown)} communicate, but nothing tells what; they are "
            "computations on the device, of the recorded duration",
            "record the host trace with its nccl: or c10d:: operators",
        )
    if communications.without_peer:
        yield Notice(
            "unknown-peer",
            trace.source,
            f"{_listed(communications.without_peer)} send or receive, but the other side, or this "
            "one, isn't recorded; they are computations of the recorded duration",
            "give --rank, the process's rank in the job",
        )
    if communications.without_group:
        yield Notice(
            "unknown-group",
            trace.source,
            f"{_listed(communications.without_group)} don't tell their process group, and there "
            "are several; they are taken to be of all NPUs",
            "link the trace with a device trace, whose kernels tell it",
        )
    barriers = [
        number
        for number, what in communications.by_id.items()
        if isinstance(what.kind, CollectiveType) and what.kind is CollectiveType.BARRIER
    ]
    if barriers:
        yield Notice(
            "needs-extended-collectives",
            trace.source,
            f"{_listed(barriers)} are barriers, which ASTRA-sim doesn't simulate",
            "simulate the trace with --extended-collectives",
            Severity.INFO,
        )


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"{'node' if len(numbers) == 1 else 'nodes'} {shown}{more}"
