"""Runs a second of one core: an all-reduce on a ring, with another bandwidth each time."""

import sys
from collections.abc import Callable, Iterable
from time import process_time

from simastra import MiB, NetworkConfig, Options, Simulation, TraceBuilder, Variant, run_all
from simastra.simulation import makespan

from .record import Row
from .ring_all_reduce import SYSTEM
from .settings import Settings

SIZES = {8: 200, 64: 40}
"""How many variants, by number of NPUs."""
TIMES = 5
QUICK_TIMES = 1
PARTS = 10  # of the variants, are enough where each is made anew


def measure(settings: Settings) -> list[Row]:
    """Measure each size, by default and with every shortcut; and simulations made anew."""
    times = QUICK_TIMES if settings.quick else TIMES
    return [row for npus, count in SIZES.items() for row in _measure(npus, count, times)]


def _measure(npus: int, count: int, times: int) -> Iterable[Row]:
    networks = [
        NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[50 + it], latency=[500])
        for it in range(count)
    ]
    et = TraceBuilder()
    et.all_reduce("All-Reduce", size=1 * MiB)
    expected = None
    for setting in ("auto", "always"):
        options = Options(shortcuts=setting)
        base = Simulation(et, SYSTEM, networks[0], options=options)

        def shared(base: Simulation = base) -> list[int]:
            variants = [Variant(base, network=it) for it in networks]
            return [it.get() for it in run_all(variants, keep=makespan)]

        def anew(options: Options = options) -> list[int]:
            some = networks[: count // PARTS]
            return [Simulation(et, SYSTEM, it, options=options).run().makespan for it in some]

        for way, work in (("variants", shared), ("made anew", anew)):
            seconds, found = _least(work, times)
            expected = expected or found
            if found != expected[: len(found)]:
                sys.exit(f"{npus} NPUs, {way}, {setting}: cycles differ from other ways'")
            yield _row(npus, way, setting, len(found) / seconds)


def _least(work: Callable[[], list[int]], times: int) -> tuple[float, list[int]]:
    found: list[int] = []
    least = float("inf")
    for _ in range(times):
        start = process_time()
        found = work()
        least = min(least, process_time() - start)
    return least, found


def _row(npus: int, way: str, setting: str, rate: float) -> Row:
    print(f"  {npus:3} NPUs, {way:9}, shortcuts {setting:6}: {rate:6.0f} runs a second")
    return {"npus": npus, "way": way, "shortcuts": setting, "runs_per_second": round(rate)}
