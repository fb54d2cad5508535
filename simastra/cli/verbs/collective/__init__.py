"""``simastra collective``: schedules of collectives, as MSCCL and its likes write them.

draw       which link carries what when
check      whether a schedule computes what it claims
schedules  options that name a schedule, and say what it is to compute
"""

from simastra.cli.command import CommandGroup

from .check import CHECK
from .draw import DRAW

COLLECTIVE = CommandGroup(
    summary="prove and draw schedules of collectives (MSCCL, MSCCL++)",
    description="""\
Looks at a schedule of a collective: MSCCL's XML, a plan of MSCCL++, timed transfers in JSON.
'simastra convert msccl' makes execution traces of it, to be played as a custom collective.""",
    kind="verb",
    example="check algo.xml",
    commands={"check": CHECK, "draw": DRAW},
)
"""The verb."""
