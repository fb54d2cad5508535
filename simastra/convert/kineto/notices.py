"""What a device trace alone doesn't tell, as notices."""

from collections.abc import Iterator, Sequence

from simastra.convert.link.kineto import DeviceTrace
from simastra.notices import Notice, Severity

from .stream_waits import Waits
from .work import DeviceWork


def notices_of(
    device: DeviceTrace, works: Sequence[DeviceWork], waits: Waits
) -> tuple[Notice, ...]:
    """Return the notices about a device trace, what was made of it, and what can't be known."""
    return tuple(_notices(device, works, waits))


def _notices(device: DeviceTrace, works: Sequence[DeviceWork], waits: Waits) -> Iterator[Notice]:
    yield Notice(
        "no-host-trace",
        str(device.source),
        f"a device trace without its host trace: {_host(device)}; which operators share data "
        f"isn't known, and {_streams(device, works, waits)}",
        "record the host trace, too (ExecutionTraceObserver, or simastra.collect), and link both",
        Severity.INFO,
    )
    yield from _unlaunched(device, works)
    yield from _several_devices(device, works)


def _unlaunched(device: DeviceTrace, works: Sequence[DeviceWork]) -> Iterator[Notice]:
    unlaunched = sum(work.launcher is None for work in works)
    if unlaunched and device.cpu_ops:
        yield Notice(
            "unknown-launch",
            str(device.source),
            f"{unlaunched} of {len(works)} kernels, copies and sets have no launch in it; they "
            "wait for nothing but their streams",
            "record CPU activities over the whole step",
            Severity.INFO if 2 * unlaunched < len(works) else Severity.WARNING,
        )


def _several_devices(device: DeviceTrace, works: Sequence[DeviceWork]) -> Iterator[Notice]:
    devices = sorted({work.gpu_op.device for work in works})
    if len(devices) > 1:
        yield Notice(
            "several-devices",
            str(device.source),
            f"it has work of {len(devices)} GPUs ({', '.join(map(str, devices))}), which becomes "
            "that of one NPU, each stream apart",
            "record each GPU's process apart",
        )


def _host(device: DeviceTrace) -> str:
    if device.cpu_ops:
        return "operators are in order of their threads, gaps between them are the host's time"
    if device.launches:
        return "of the host it has only calls, gaps between them are the host's time"
    return "it has nothing of the host, the time in which no kernel runs is taken to be the host's"


def _streams(device: DeviceTrace, works: Sequence[DeviceWork], waits: Waits) -> str:
    if len({work.stream for work in works}) < 2:  # noqa: PLR2004  # one has nobody to wait for
        return "kernels run in the order of their stream"
    found = sum(map(len, waits.values()))
    how = "as its cuda_sync events tell" if device.syncs else "as calls and times show"
    kernels = {0: "no kernel waits", 1: "1 kernel waits"}.get(found, f"{found} kernels wait")
    return f"{kernels} for one of another stream, {how}"
