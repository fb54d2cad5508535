"""How busy links were over time."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simastra.errors import OptionError
from simastra.report.run_records import LinkLoad, RunRecords
from simastra.report.run_records.load import LoadRecord
from simastra.view.phrases import part_words

from .hover import tell
from .style import HEAT, axes_for, name_rows, time_axis

_MOST_LINKS = 40


def link_use(
    records: RunRecords,
    *,
    links: Iterable[tuple[int, int]] | None = None,
    queue: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a row for each link, the darker the busier.

    Args:
        records: of a simulation (`simastra.report.run_records.RunRecorder`).
        links: the devices at both ends of each link to be drawn; if left out, the 40 busiest, or
            those with the longest queues.
        queue: whether to draw the mean length of the queue rather than the use.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.

    Raises:
        OptionError: one of `links` wasn't used.
    """
    load = records.load
    shown = _busiest(load.links, queue=queue) if links is None else _chosen(load.links, links)
    drawn = axes_for(ax, len(shown))
    if shown:
        _draw_rows(drawn, shown, load, queue=queue)
        _tell_of_rows(drawn, shown, records, queue=queue)
    name_rows(
        drawn,
        [f"{_name(it.src, records)} → {_name(it.dst, records)}" for it in shown],
    )
    time_axis(drawn)
    if links is None and len(shown) < len(load.links):
        which = "longest queues" if queue else "busiest"
        drawn.set_title(f"the {len(shown)} {which} of {len(load.links):,} links")
    return drawn


def _draw_rows(ax: Axes, shown: Sequence[LinkLoad], load: LoadRecord, *, queue: bool) -> None:
    values = [
        [(it.waiting if queue else it.busy).get(k, 0) / load.width for k in range(load.bins)]
        for it in shown
    ]
    image = ax.imshow(
        values,
        aspect="auto",
        cmap=HEAT,
        vmin=0,
        vmax=None if queue else 1,
        interpolation="nearest",
        extent=(0, load.bins * load.width, len(shown) - 0.5, -0.5),
    )
    words = "mean number of messages waiting" if queue else "part of the time busy"
    ax.figure.colorbar(image, ax=ax, label=words)


def _tell_of_rows(ax: Axes, shown: Sequence[LinkLoad], records: RunRecords, *, queue: bool) -> None:
    """An image has no shapes to point at: one that isn't seen lies above each row."""
    span = records.load.bins * records.load.width
    for row, link in enumerate(shown):
        total = sum((link.waiting if queue else link.busy).values())
        waits = f"{total / span:.2f} messages wait on the average"
        said = waits if queue else f"busy {part_words(total, span)} of the time"
        over = Rectangle((0, row - 0.5), span, 1, alpha=0)
        ax.add_patch(over)
        tell(over, [f"{_name(link.src, records)} → {_name(link.dst, records)}: {said}"])


def _busiest(links: Sequence[LinkLoad], *, queue: bool) -> list[LinkLoad]:
    def rank(link: LinkLoad) -> tuple[int, int, int]:
        load = link.waiting if queue else link.busy
        return -sum(load.values()), link.src, link.dst

    ordered = sorted(links, key=rank)
    return sorted(ordered[:_MOST_LINKS], key=lambda it: (it.src, it.dst))


def _chosen(links: Sequence[LinkLoad], wanted: Iterable[tuple[int, int]]) -> list[LinkLoad]:
    by_ends = {(it.src, it.dst): it for it in links}
    chosen = []
    for ends in wanted:
        if ends not in by_ends:
            raise OptionError("links", f"no message took a link from {ends[0]} to {ends[1]}")
        chosen.append(by_ends[ends])
    return chosen


def _name(device: int, records: RunRecords) -> str:
    return records.device_names[device]
