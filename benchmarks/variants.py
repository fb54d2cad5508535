"""Runs a second of one core: an all-reduce on a ring, with another bandwidth each time."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from time import process_time

from simastra import MiB, NetworkConfig, Options, Simulation, TraceBuilder, Variant, run_all
from simastra.jit.installed import is_installed
from simastra.simulation import makespan
from simastra.simulation.compiled.try_out import try_out
from simastra.simulation.shortcuts.attempt import attempt
from simastra.simulation.shortcuts.outcome import ShortcutOutcome

from .record import Row
from .ring_all_reduce import SYSTEM
from .settings import Settings

SIZES = 8, 64
VARIANTS = 200
TIMES = 5
QUICK_TIMES = 1
PARTS = 10  # of the variants, are enough where each is simulated

Cycles = list[int]


def measure(settings: Settings) -> list[Row]:
    """Measure each size in each way."""
    times = QUICK_TIMES if settings.quick else TIMES
    return [row for npus in SIZES for row in _measure(npus, times)]


def _measure(npus: int, times: int) -> Iterable[Row]:
    networks = [
        NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[50 + it], latency=[500])
        for it in range(VARIANTS)
    ]
    expected = _by_default(networks)
    for way, work in WAYS.items():
        if work is _compiled and not is_installed():
            continue
        some = networks if work is _by_default else networks[: VARIANTS // PARTS]
        work(some)  # what is loaded
        seconds, found = _least(partial(work, some), times)
        if found != expected[: len(found)]:
            sys.exit(f"{npus} NPUs, {way}: cycles differ from other ways'")
        yield _row(npus, way, len(found) / seconds)


def _made(network: NetworkConfig, shortcuts: str = "auto") -> Simulation:
    trace = TraceBuilder()
    trace.all_reduce("All-Reduce", size=1 * MiB)
    return Simulation(trace, SYSTEM, network, options=Options(shortcuts=shortcuts))


def _variants(networks: list[NetworkConfig], shortcuts: str) -> Cycles:
    base = _made(networks[0], shortcuts)
    variants = (Variant(base, network=it) for it in networks)
    return [it.get() for it in run_all(variants, keep=makespan)]


def _by_default(networks: list[NetworkConfig]) -> Cycles:
    return _variants(networks, "auto")


def _event_by_event(networks: list[NetworkConfig]) -> Cycles:
    return _variants(networks, "off")


def _folded(networks: list[NetworkConfig]) -> Cycles:
    base = _made(networks[0])
    return _ends(attempt(base.with_(network=it).experiment) for it in networks)


def _compiled(networks: list[NetworkConfig]) -> Cycles:
    base = _made(networks[0])
    experiments = (base.with_(network=it).experiment for it in networks)
    return _ends(try_out(it, (), end_matters=True) for it in experiments)


def _ends(tried: Iterable[ShortcutOutcome]) -> Cycles:
    return [it.outcome.finishes[-1].cycles for it in tried if it.outcome is not None]


def _anew(networks: list[NetworkConfig]) -> Cycles:
    return [_made(it).run().makespan for it in networks]


WAYS: dict[str, Callable[[list[NetworkConfig]], Cycles]] = {
    "variants": _by_default,
    "variants, each folded": _folded,
    "variants, each compiled": _compiled,
    "variants, event by event": _event_by_event,
    "made anew": _anew,
}


def _least(work: Callable[[], Cycles], times: int) -> tuple[float, Cycles]:
    found: Cycles = []
    least = float("inf")
    for _ in range(times):
        start = process_time()
        found = work()
        least = min(least, process_time() - start)
    return least, found


def _row(npus: int, way: str, rate: float) -> Row:
    print(f"  {npus:3} NPUs, {way:24}: {rate:6.0f} runs a second")
    return {"npus": npus, "way": way, "runs_per_second": round(rate)}
