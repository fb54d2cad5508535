"""One NPU's units: what carries out the operations that its process issues.

npu          the units of one NPU, put together
held         one that stands still or is slower for some time, or whose messages are held back
compute      computations: replay and roofline
ports        what an NPU's streams act upon; tags: of their messages
algorithms   the implementation lists of the system configuration
endpoint     the step between the NPU and its memory side that every packet of a collective takes
shared_bus   that step after the LogGP model
npu_collectives  how an NPU takes part in collectives: one of two ways
collective   chunk by chunk: chunks become streams
priced_collectives  as a whole that has a price: all members meet, and end together
meeting      one such collective; processor_sharing: those that use the same links
communicator  groups: who takes part, and the logical topology that the NPU sees
scheduler    which streams run in which queue
stream       takes one chunk through its phases
player       plays a phase on endpoint and network; custom: one that is given as Chakra ETs
custom_collectives  which collectives are given so, and by which
switches     the parts of switches that reduce; switched_player: of NPUs with them
"""

from .communicator import (
    Collective,
    Communicator,
    GroupCommunicator,
    WorldCommunicator,
)
from .custom_collectives import CustomCollectives
from .npu import MakeNpu, Npu, NpuSetup
from .stream import Stream

__all__ = [
    "Collective",
    "Communicator",
    "CustomCollectives",
    "GroupCommunicator",
    "MakeNpu",
    "Npu",
    "NpuSetup",
    "Stream",
    "WorldCommunicator",
]
