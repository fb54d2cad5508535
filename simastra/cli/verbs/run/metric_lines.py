"""What a run is worth, on stderr: MFU, tokens a second, bounds, memory."""

from simastra.cli.output import tell
from simastra.metrics import metric_rows
from simastra.result import Result
from simastra.view.table import Table, left


def tell_metrics(result: Result) -> None:
    """Tell what is known of it."""
    table = Table(left("", ""), tuple(metric_rows(result.metrics, result.bound).items()))
    tell("\n  ".join(["metrics:", *table.lines()]), whole=True)
