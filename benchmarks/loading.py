"""Loading traces: one large file, and a file for each of many NPUs, all the same."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from simastra.jit.installed import is_installed
from simastra.trace import CollectiveType, Node, NodeType, write_trace
from simastra.trace.trace import Trace
from simastra.units import MiB

from .record import Row
from .settings import Settings

NODES = 1_000_000
QUICK_NODES = 50_000
NPUS = 4096

_ON_DEMAND = ("in columns",)
"""How the second row says what it is."""

_LOAD = r"""
import gc, re, sys
from pathlib import Path
from time import perf_counter
from simastra import NetworkConfig, Options, Simulation, SystemConfig, Trace
from simastra.trace import load_trace
def memory(kind):  # of Linux; elsewhere nothing is known
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(re.search(kind + r":\s+(\d+) kB", status)[1]) * 1024
prefix, npus, on_demand = sys.argv[1], int(sys.argv[2]), len(sys.argv) > 3
before, start = memory("VmRSS"), perf_counter()
trace = load_trace(prefix, npus, on_demand=on_demand)
loaded, after = perf_counter(), memory("VmRSS")
peak = memory("VmHWM")
machine = Trace(trace.npus * (2 // npus or 1), trace.sources * (2 // npus or 1))
system = SystemConfig(all_reduce_implementation=["ring"], preferred_dataset_splits=4)
network = NetworkConfig(
    topology=["Ring"], npus_count=[len(machine.npus)], bandwidth=[50], latency=[500]
)
begun = perf_counter()
simulation = Simulation(machine, system, network)
built = perf_counter()
if not on_demand:  # what is in columns is for runs that nobody watches
    simulation.start()
ready = perf_counter()
print(loaded - start, built - begun, ready - built, after - before, peak - before,
      memory("VmRSS") - after)
"""


def measure(settings: Settings) -> list[Row]:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = QUICK_NODES if settings.quick else NODES
        write_trace(folder / "large", Trace.uniform(nodes(count), 1))
        rows = [_large(folder, count)]
        if is_installed():
            _numbers(folder / "large", 1, *_ON_DEMAND)  # compiles what decodes them
            rows.append(_large(folder, count, *_ON_DEMAND))
        write_trace(folder / "many", Trace.uniform(nodes(48), NPUS))
        return [*rows, _many(folder)]


def _large(folder: Path, count: int, *on_demand: str) -> Row:
    load, build, start, kept, peak, built = _numbers(folder / "large", 1, *on_demand)
    size = os.path.getsize(folder / "large.0.et")  # noqa: PTH202
    row: Row = {
        "traces": " ".join((f"{count} nodes", *on_demand)),
        "megabytes": round(size / 1e6, 1),
        "load_microseconds_per_node": round(load / count * 1e6, 2),
        "build_microseconds_per_node": round((build + start) / count * 1e6, 2),
        "bytes_per_node": round(kept / count),
        "peak_bytes_per_node": round(peak / count),
        "built_bytes_per_node": round(built / count),
    }
    print(
        f"  one file of {row['traces']}: {row['load_microseconds_per_node']} us a node to load, "
        f"{row['build_microseconds_per_node']} us to compile and check; "
        f"{row['bytes_per_node']} bytes a node, {row['peak_bytes_per_node']} at most meanwhile, "
        f"and {row['built_bytes_per_node']} for the simulation"
    )
    return row


def _many(folder: Path) -> Row:
    load, build, start, *_ = _numbers(folder / "many", NPUS)
    row: Row = {
        "traces": f"{NPUS} files, all the same",
        "load_seconds": round(load, 3),
        "build_seconds": round(build, 3),
        "processes_seconds": round(start, 3),
    }
    print(
        f"  {NPUS} files, all the same: {row['load_seconds']} s to load, {row['build_seconds']} s "
        f"to check, {row['processes_seconds']} s to make the NPUs' processes"
    )
    return row


def _numbers(prefix: Path, npus: int, *on_demand: str) -> list[float]:
    words = [sys.executable, "-c", _LOAD, str(prefix), str(npus), *on_demand]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [float(number) for number in re.findall(r"\S+", printed)]


def nodes(count: int) -> list[Node]:
    """Computations and all-reduces, as of a training; durations and sizes vary as in a real one."""
    nodes = []
    for index in range(count):
        before = (index - 1,) if index else ()
        if index % 4 == 1:
            nodes.append(
                Node(
                    index,
                    f"ALL_REDUCE_{index}",
                    NodeType.COMM_COLL,
                    before,
                    is_cpu_op=False,
                    comm_type=CollectiveType.ALL_REDUCE,
                    comm_size=(1 + index % 7) * MiB,
                    involved_dim=(True,),
                )
            )
        else:
            name = f"COMPUTATION_{index}"
            duration = (50 + index % 1999) * 1000
            nodes.append(
                Node(
                    index,
                    name,
                    NodeType.COMP,
                    (*before, index - 3) if index and not index % 4 else before,
                    duration=duration,
                    is_cpu_op=False,
                    num_ops=duration * 100,
                    tensor_size=(1 + index % 501) * 4096,
                )
            )
    return nodes
