"""Schedules of collectives as other tools write them: read, proved, drawn, made into ETs.

schedule      the one form of all: ranks, buffers of chunks, thread blocks of steps
reading       the front: read_schedule, whatever the file's form
msccl_xml     MSCCL's algorithms; xml_elements: XML with lines, safely
mscclpp_json  MSCCL++'s plans; mscclpp_gpu, mscclpp_block: parts of them; mscclpp_operations: what
              operations do; json_values
transfers     schedules of timed transfers; transfers_json: from a file; te_ccl: TE-CCL's
claims        what each collective is to compute
order         what happens before what; races: what is in no order
values, proof     carried out with contributions; verdict: what came of it
timeline      which link carries what when; drawing: that as SVG
playing       ETs for each position, to be played as a custom collective; like_chakra: Chakra's
amount        how large a schedule may be; wrong: ScheduleError
"""

from .claims import COLLECTIVES
from .playing import Playing, traces_of
from .proof import prove
from .reading import read_schedule
from .schedule import Schedule
from .verdict import Fault, FaultKind, ProofVerdict
from .wrong import ScheduleError

__all__ = [
    "COLLECTIVES",
    "Fault",
    "FaultKind",
    "Playing",
    "ProofVerdict",
    "Schedule",
    "ScheduleError",
    "prove",
    "read_schedule",
    "traces_of",
]
