"""``--explain``: what each NPU's time went to, and the critical path, on stdout."""

from collections.abc import Sequence

from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.explain import Explanation
from simastra.result import AlgorithmDecision
from simastra.result.decision_table import decision_table


def show_explanation(explanation: Explanation, top: int | None) -> None:
    """Print what the time went to; times in ns.

    A critical path of more segments than `top` is shown by names, its largest groups first.

    Args:
        explanation: what is shown.
        top: rows of each table at most, what is left out being a row behind them; None for all.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    say("\nwhat each NPU's time went to, in ns")
    show_tables([explanation.like_npus_table(top)])
    faults = explanation.faults_table()
    if faults is not None:
        say("\nwhat the scenario's events cost them, in ns")
        show_tables([faults])
    jobs = explanation.other_jobs_table()
    if jobs is not None:
        say("\nwhat other jobs cost them at links, in ns")
        show_tables([jobs])
    slower = explanation.slower_table()
    if slower is not None:
        say("\nwaiting for slower NPUs, in ns")
        show_tables([slower])
    say(
        f"\ncritical path of NPU {explanation.last}, which finishes last, "
        f"at {explanation.makespan} ns"
    )
    count = len(explanation.segments())
    if top is None or count <= top:
        show_tables([explanation.path_table()])
        return
    say(f"its {count:,} segments, by the names of their nodes; --top all lists them in order")
    show_tables([explanation.path_groups_table(top=top)])


def show_decisions(decisions: Sequence[AlgorithmDecision]) -> None:
    """Print which algorithms were taken where the system file has ``auto``, and what came next."""
    if decisions:
        say("\nalgorithms of the least time, each collective by itself")
        show_tables([decision_table(decisions)])
