"""``simastra course``: the course in notebooks/, for who takes it and for who teaches it.

show    its notebooks and tracks
mark    the marks of a class
"""

from simastra.cli.command import CommandGroup

from .mark import MARK
from .show import SHOW

COURSE = CommandGroup(
    summary="list the course's notebooks and tracks; mark a class",
    description="""\
The course is a row of notebooks (docs/notebooks.md) with tasks that check themselves; four tracks
lead through them. docs/teaching.md is for who teaches it.""",
    kind="verb",
    example="show newcomer",
    commands={"show": SHOW, "mark": MARK},
)
"""The verb."""
