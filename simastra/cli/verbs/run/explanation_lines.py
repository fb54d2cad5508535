"""``--explain``: what each NPU's time went to, and the critical path, on stdout."""

from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.simulation import Simulation


def show_explanation(simulation: Simulation) -> None:
    """Simulate once more, and print what the time went to; times in ns.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    explanation = simulation.explain()
    say("\nwhat each NPU's time went to, in ns")
    show_tables([explanation.attribution_table()])
    say(
        f"\ncritical path of NPU {explanation.last}, which finishes last, "
        f"at {explanation.makespan} ns"
    )
    show_tables([explanation.path_table()])
