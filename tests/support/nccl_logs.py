"""Logs as nccl-tests and rccl-tests print them, in the layouts of several versions.

The times are made up: `time_us`. Nothing here is copied from a log; layouts are those of the tools'
formats (widths, names of columns, comments).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simastra import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS

SIZES = (8, 1024, 65536, 1 << 20, 16 << 20, 256 << 20, 1 << 30)

_KINDS = {
    "all_reduce": CollectiveType.ALL_REDUCE,
    "all_gather": CollectiveType.ALL_GATHER,
    "reduce_scatter": CollectiveType.REDUCE_SCATTER,
    "alltoall": CollectiveType.ALL_TO_ALL,
    "broadcast": CollectiveType.BROADCAST,
    "reduce": CollectiveType.REDUCE,
    "sendrecv": CollectiveType.BROADCAST,  # its busbw is algbw, too
}
_OPERATIONS = {"all_reduce": "sum", "reduce_scatter": "sum", "reduce": "sum"}


def time_us(size: int, npus: int) -> float:
    """What `size` bytes take."""
    return 10 + 0.7 * npus + size / 300e3


def fitted(value: float, width: int) -> str:
    """A number with as many decimals as fit."""
    return next(text for digits in (2, 1, 0) if len(text := f"{value:.{digits}f}") <= width)


@dataclass(frozen=True)
class Layout:
    """A version's table.

    Attributes:
        operation: whether there is a column of operations; "blank" if it is empty for some.
        root: whether there is one of roots.
        wrong: name of the last column of a block.
        in_place: whether in-place times follow.
        per_iteration: whether each block has four columns more.
        timestamp: whether lines end with a time of day.
    """

    operation: bool = True
    root: bool = True
    wrong: str = "#wrong"
    in_place: bool = True
    per_iteration: bool = False
    timestamp: bool = False


NEW = Layout()
OLD = Layout(root=False, wrong="error")
BARE = Layout(operation=False, root=False, wrong="error")
ONE_BLOCK = Layout(in_place=False)
PER_ITERATION = Layout(per_iteration=True)
TIMESTAMPS = Layout(timestamp=True)


def log(  # noqa: PLR0913  # a log's particulars, by name
    test: str = "all_reduce",
    npus: int = 8,
    *,
    layout: Layout = NEW,
    hosts: int = 1,
    starting: bool = True,
    ranks: bool = True,
    tool: str = "nccl-tests",
    sizes: Sequence[int] = SIZES,
    dtype: str = "float",
    time: Callable[[int, int], float] = time_us,
    wrong: Callable[[int], object] = lambda size: 0,
) -> str:
    """The output of one run."""
    lines = [
        *_head(test, npus, hosts, starting=starting, ranks=ranks, tool=tool),
        *_header(layout),
    ]
    timed = ((size, time(size, npus), wrong(size)) for size in sizes)
    lines += [_row(test, npus, layout, dtype, it) for it in timed]
    lines += [
        "# Out of bounds values : 0 OK",
        "# Avg bus bandwidth    : 123.456",
        "#",
    ]
    if starting:
        lines.append(f"# Collective test concluded: {test}_perf")
    return "\n".join(lines) + "\n"


def _head(
    test: str, npus: int, hosts: int, *, starting: bool, ranks: bool, tool: str
) -> Iterator[str]:
    if starting:
        yield f"# Collective test starting: {test}_perf"
    gpus = 1 if hosts > 1 or not ranks else npus
    yield (
        f"# nThread 1 nGpus {gpus} minBytes 8 maxBytes 1073741824 step: 2(factor) warmup iters: 5 "
        "iters: 20 agg iters: 1 validation: 1 graph: 0"
    )
    yield "#"
    if tool == "rccl-tests":
        yield "rccl-tests: Version develop:0123abc"
    yield "# Using devices"
    for rank in range(npus if ranks else 0):
        host, device = divmod(rank, npus // hosts)
        yield (
            f"#  Rank {rank:2} Group  0 Pid {4000 + rank:6} on  machine-{host} device {device:2} "
            f"[0000:{device:02x}:00] Some GPU 80GB"
        )
    yield "NCCL version 2.29.2+cuda13.0" if tool == "nccl-tests" else "RCCL version : 2.27.7-HEAD"
    yield "#"


def _header(layout: Layout) -> Iterator[str]:
    keys = ["size", "count", "type"]
    keys += ["redop"] * layout.operation + ["root"] * layout.root
    block = ["time", "algbw", "busbw", layout.wrong]
    block += ["i_min", "i_max", "i_p99", "i_cv%"] * layout.per_iteration
    yield "#" + " " * 50 + "out-of-place" + "                       in-place" * layout.in_place
    columns = [*keys, *block * (1 + layout.in_place), *["timestamp"] * layout.timestamp]
    yield "# " + "  ".join(f"{it:>10}" for it in columns)
    yield "#        (B)    (elements)                     (us)  (GB/s)  (GB/s)"


def _row(test: str, npus: int, layout: Layout, dtype: str, timed: tuple[int, float, object]) -> str:
    size, time, wrong = timed
    cells = [f"{size:12}", f"{size // 4:12}", f"{dtype:>8}"]
    if layout.operation:
        cells.append(f"{_OPERATIONS.get(test, 'none'):>6}")
    if layout.root:
        cells.append(f"{'0' if test in ('broadcast', 'reduce') else '-1':>6}")
    for us in (time, time * 1.01)[: 1 + layout.in_place]:
        algbw = size / us / 1000 if us else 0.0
        busbw = algbw * BUS_FACTORS[_KINDS[test]](npus)
        shown = 2e-7 if layout.wrong == "error" else wrong
        cells += [fitted(us, 7).rjust(7), fitted(algbw, 6).rjust(6), fitted(busbw, 6).rjust(6)]
        cells.append(f"{shown:>6}" if isinstance(shown, str) else f"{shown:6g}")
        if layout.per_iteration:
            cells += [fitted(us * it, 7).rjust(7) for it in (0.9, 1.2, 1.1)] + ["   3.21"]
    if layout.timestamp:
        cells.append("  2026-01-31 12:34:56")
    return "  ".join(cells)


def nccl_json(**changes: object) -> dict[str, object]:
    """What nccl-tests writes."""
    devices = [
        {"rank": it, "group": 0, "pid": 1, "hostname": f"host-{it // 8}", "device": it % 8}
        for it in range(16)
    ]
    block = {"alg_bw": None, "bus_bw": None, "nwrong": 0.0}
    results = [
        {
            "size": size,
            "count": size // 4,
            "type": "float",
            "redop": "sum",
            "root": "    -1",
            "out_of_place": {"time": time_us(size, 16), **block},
            "in_place": {"time": 2 * time_us(size, 16), **block},
        }
        for size in SIZES
    ]
    return {
        "version": 1,
        "start_time": "2026-01-31 12:00:00",
        "args": ["./build/all_reduce_perf", "-b", "8"],
        "env": ["HOME=/root"],
        "nccl_version": 22902,
        "config": {"nthreads": 1, "ngpus": 1, "devices": devices},
        "results": results,
        "out_of_bounds": {"count": 0, "okay": True},
        **changes,
    }
