"""What the page's heat map draws, as JSON values: how busy each link was when."""

from collections.abc import Mapping
from typing import Any

from simastra.report.run_records import RunRecords
from simastra.units import Ns

from .places import Places

MOST_LINKS = 256
_MOST_BINS = 256
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def heat_data(records: RunRecords, places: Places) -> dict[str, Any]:
    """Return what the heat map draws, the busiest links first.

    ``busy`` has, for each link and bin, two digits of 36: the part of the time for which the link
    was busy, in per mille. ``queue`` has the mean length of its queue, in hundredths of a message,
    up to the last bin in which somebody waited.
    """
    load = records.load.coarser(_MOST_BINS)
    return {
        "width": load.width,
        "bins": load.bins,
        "total": len(load.links),
        "links": [
            {
                "from": places.device(link.src),
                "to": places.device(link.dst),
                "kind": places.kind(link.src, link.dst),
                "busy": "".join(
                    _digits(round(1000 * link.busy.get(k, 0) / load.width))
                    for k in range(load.bins)
                ),
                "queue": _queue(link.waiting, load.width),
            }
            for link in load.busiest_first()[:MOST_LINKS]
        ],
    }


def _queue(waiting: Mapping[int, Ns], width: Ns) -> list[int]:
    last = max(waiting, default=-1)
    return [round(100 * waiting.get(k, 0) / width) for k in range(last + 1)]


def _digits(number: int) -> str:
    high, low = divmod(number, len(_DIGITS))
    return _DIGITS[high] + _DIGITS[low]
