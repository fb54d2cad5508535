"""What a run came to, as a table on stderr. Imports rich: import this only for a terminal."""

from rich import box
from rich.console import Console

from simastra.metrics import npu_statistics
from simastra.result import LinkRecord, NpuFinish, Result
from simastra.shortcut_use import ShortcutUse
from simastra.units import Ns
from simastra.view.devices import DeviceNames
from simastra.view.human import human_size, human_time
from simastra.view.phrases import part_words, share_words
from simastra.view.table import Table, left
from simastra.view.terminal import rich_table


def show_summary(result: Result, names: DeviceNames, compat: str) -> None:
    """Print the table to stderr.

    Args:
        result: of a simulation that finished.
        names: what devices are called.
        compat: which ASTRA-sim is reproduced, and why.
    """
    table = Table(left("", ""), tuple(summary_rows(result, names, compat).items()))
    console = Console(stderr=True, markup=False, highlight=False)
    console.print(rich_table(table, box=box.SIMPLE))


def summary_rows(result: Result, names: DeviceNames, compat: str) -> dict[str, str]:
    """The table's rows, what it is to what it is worth. Arguments as of `show_summary`."""
    fastest, slowest = result.finishes[0], result.finishes[-1]
    busiest = max(result.links, key=_busy, default=None)
    return {
        "makespan": _exact_time(result.makespan),
        **({} if result.band is None else {"90 % band": str(result.band)}),
        "slowest": _finish(slowest),
        "its time": _shares(result, slowest),
        "fastest": _finish(fastest),
        "finish spread": _exact_time(slowest.cycles - fastest.cycles),
        "busiest link": "none is known" if busiest is None else _link(busiest, result, names),
        "compat": compat,
        "notices": str(len(result.notices)),
        **{str(use.shortcut): _use(use) for use in result.shortcuts},
    }


def _shares(result: Result, finish: NpuFinish) -> str:
    """For what part of an NPU's time what was under way; these overlap, but for the last two."""
    times = npu_statistics(result.nodes[finish.npu], finish.cycles).to_dict()
    wall, _ = times.pop("wall"), times.pop("overlap")
    shares = (
        f"{name.replace('_', ' ')} {part_words(time, wall)}" for name, time in times.items() if time
    )
    return ", ".join(shares) or "nothing took any"


def _use(use: ShortcutUse) -> str:
    return use.reason if use.taken else f"not taken: {use.reason}"


def _busy(link: LinkRecord) -> Ns:
    return link.busy


def _exact_time(time: Ns) -> str:
    return f"{time:,} ns ({human_time(time)})"


def _finish(finish: NpuFinish) -> str:
    return f"NPU {finish.npu} at {finish.cycles:,} ns"


def _link(link: LinkRecord, result: Result, names: DeviceNames) -> str:
    used = link.busy / result.makespan if result.makespan else 0
    ends = names.link(link.src, link.dst)
    return f"{ends}, {share_words(used)} of the time, {human_size(link.size)}"
