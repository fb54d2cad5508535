"""Points of studies, run one by one as a sweep runs them."""

from collections.abc import Iterable

from simastra.sweep import Study
from simastra.sweep.columns import PendingPoint
from simastra.sweep.dataset import Row
from simastra.sweep.points import PointRunner, SweepPoint
from simastra.sweep.status import Status

RING = {"topology": ["Ring"], "npus_count": [4], "bandwidth": [50], "latency": [500]}
DEMO: dict[str, object] = {
    "generate": {"kind": "collective", "size": "1MiB"},
    "system": "@demo",
    "network": RING,
}


def study(**keys: object) -> Study:
    """A study of an all-reduce on a ring, but for what is said."""
    return Study(**{**DEMO, **keys})


class Points:
    """Points of a study.

    Args:
        given: the study.
    """

    def __init__(self, given: Study) -> None:
        self.study = given
        self._runner = PointRunner(given)
        self._rows: dict[int, Row] = {}

    def pending(self, number: int) -> PendingPoint:
        """One that is yet to be run."""
        return PendingPoint(self._runner.simulation(SweepPoint.of(self.study, number)))

    def row(self, number: int) -> Row:
        """What comes of it."""
        if number not in self._rows:
            row = self._rows[number] = self._runner.row(number)
            assert row["status"] == Status.OK, row["error"]
        return self._rows[number]

    def rows(self, numbers: Iterable[int]) -> list[Row]:
        """What comes of several."""
        return list(map(self.row, numbers))
