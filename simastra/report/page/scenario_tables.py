"""Tables of what a scenario has come to: its jobs, and what its events cost."""

from simastra.report.page_frame.page_table import PageColumn, PageTable, Unit, counts, text, times

from .contents import PageContents
from .words import npu_words


def jobs(contents: PageContents) -> PageTable:
    """When each job began and was over; nothing where there is one workload."""
    rows = [
        (it.name, npu_words(sorted(it.npus)), len(it.run_ends), it.start, it.finish, it.duration)
        for it in contents.result.jobs
    ]
    columns = (
        *text("job", "NPUs"),
        *counts("runs"),
        *times("begins", "over"),
        PageColumn("takes", Unit.NS),
    )
    return PageTable("job-table", "Jobs", columns, rows)


def events(contents: PageContents) -> PageTable:
    """What each event of the scenario, and each other job, cost the NPUs that it held up."""
    rows = [
        (name, npu_words(sorted(costs)), max(costs.values()), sum(costs.values()))
        for name, costs in sorted(contents.lost_to.items())
    ]
    note = (
        "As in the attributed time: what an NPU waited for, or lost, itself. Others may have "
        "waited for it, which is waiting for a partner."
    )
    columns = (*text("event or job", "NPUs"), *times("most for one", "together"))
    return PageTable("event-table", "What events and other jobs cost", columns, rows, note, sort=3)
