"""``python -m benchmarks accuracy``: all errors of calibrated times, and docs/accuracy.md."""

from benchmarks.record import Row
from benchmarks.settings import Settings
from simastra.calibration.fit.library import reference_library
from simastra.errors import InputError

from .collectives import GROUPS, beside_rows, cross_rows, group_rows, split_rows
from .limits import limit_rows
from .page import write_page
from .splits import BUILDS, N_BETWEEN, SPLITS
from .tables import COLLECTIVES, read_campaigns
from .training import training_rows
from .trials import trials

_QUICK = (BUILDS, N_BETWEEN)


def measure(settings: Settings) -> list[Row]:
    """Measure, and write the page unless only a part was measured.

    Raises:
        InputError: the public measurements aren't there.
    """
    rows = [*_collectives(settings), *training_rows(settings)]
    for row in rows:
        if row["table"] in ("splits", "training"):
            print("  ", ", ".join(f"{key} {it}" for key, it in row.items() if key != "table"))
    if not settings.quick:
        print("wrote", write_page(rows))
    return rows


def _collectives(settings: Settings) -> list[Row]:
    if not COLLECTIVES.is_file():
        raise InputError(f"{COLLECTIVES}: public measurements are wanted here, and aren't")
    campaigns = read_campaigns()
    splits = _QUICK if settings.quick else SPLITS
    found = list(trials(campaigns, reference_library(), splits=splits))
    rows = list(split_rows(found, campaigns))
    for column in GROUPS:
        rows += group_rows(found, column)
    rows += cross_rows(found)
    if not settings.quick:
        rows += beside_rows(found, campaigns)
        rows += limit_rows(campaigns)
    return rows
