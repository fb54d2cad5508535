"""How large a schedule may be: a few characters could ask for more than any machine has."""

from .schedule import Schedule
from .wrong import ScheduleError

MOST_CHUNKS = 1 << 22
"""Chunks of all ranks' buffers together."""

MOST_USES = 1 << 24
"""Chunks that all steps together read or write."""


def check_chunks(chunks: int, source: str) -> None:
    """Refuse too many chunks.

    Raises:
        ScheduleError: if they are.
    """
    if chunks > MOST_CHUNKS:
        raise ScheduleError(
            f"has {chunks} chunks on all ranks together; {MOST_CHUNKS} at most are read",
            source=source,
        )


def check_amount(schedule: Schedule) -> None:
    """Refuse a schedule with too many chunks, or with steps that are of too many.

    Raises:
        ScheduleError: if it is one.
    """
    check_chunks(sum(it.input + it.output + it.scratch for it in schedule.chunks), schedule.source)
    uses = 0
    for step in schedule.steps():
        uses += sum(it.length for it in (*step.sources, *step.targets))
        if uses > MOST_USES:
            problem = f"is of too many chunks: all steps' together are more than {MOST_USES}"
            raise ScheduleError(problem, source=schedule.source, where=str(step))
