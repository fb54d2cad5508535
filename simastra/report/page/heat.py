"""What the page's heat map draws, as JSON values: how busy each link was when."""

from typing import Any

from simastra.report.run_records import RunRecords
from simastra.view.phrases import device_name

_MOST_LINKS = 512
_MOST_BINS = 256


def heat_data(records: RunRecords) -> dict[str, Any]:
    """Return what the heat map draws, the busiest links first.

    ``busy`` has, for each link and bin, the part of the time for which it was busy, in per mille;
    ``queue`` the mean length of its queue, in thousandths of a message, or nothing if nobody ever
    waited there.
    """
    load = records.load.coarser(_MOST_BINS)
    return {
        "width": load.width,
        "bins": load.bins,
        "total": len(load.links),
        "links": [
            {
                "from": device_name(link.src, records.npus),
                "to": device_name(link.dst, records.npus),
                "busy": [_per_mille(link.busy.get(k, 0), load.width) for k in range(load.bins)],
                "queue": [_per_mille(link.waiting.get(k, 0), load.width) for k in range(load.bins)]
                if link.waiting
                else [],
            }
            for link in load.busiest_first()[:_MOST_LINKS]
        ],
    }


def _per_mille(part: int, whole: int) -> int:
    return round(1000 * part / whole)
