"""Points of studies, run one by one as a sweep runs them."""

from collections.abc import Iterable

from simastra import Simulation
from simastra.sweep import Study
from simastra.sweep.columns import Finished, Known, column_values

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
        self._bases: dict[object, Simulation] = {}
        self._rows: dict[int, dict[str, object]] = {}

    def known(self, number: int) -> Known:
        """One that is yet to be run."""
        inputs = self.study.inputs(self.study.space.setting(number))
        base = self._bases.get(inputs.workload)
        if base is None:
            made = inputs.workload.generated()
            base = self._bases[inputs.workload] = Simulation(
                made.trace,
                inputs.system,
                inputs.network,
                comm_groups=made.comm_groups,
                options=inputs.options,
            )
        parts = (inputs.system, inputs.network, inputs.options)
        return Known(base.with_(system=parts[0], network=parts[1], options=parts[2]))

    def row(self, number: int) -> dict[str, object]:
        """What comes of it."""
        if number not in self._rows:
            known, setting = self.known(number), self.study.space.setting(number)
            row = {**setting, **column_values(Finished(known, known.simulation.run()))}
            derived = self.study.derived(setting, row)
            self._rows[number] = {"number": number, "status": "ok", **row, **derived}
        return self._rows[number]

    def rows(self, numbers: Iterable[int]) -> list[dict[str, object]]:
        """What comes of several."""
        return list(map(self.row, numbers))
