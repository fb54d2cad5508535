"""One NPU's units: what carries out the operations that its process issues.

npu          the units of one NPU, put together
compute      computations: replay and roofline
endpoint     the step between the NPU and its memory side that every packet of a collective takes
collective   collectives: chunks become streams
communicator who takes part, and the logical topology that the NPU sees
scheduler    which streams run in which queue
stream       plays one chunk's phases on the network
"""

from .communicator import Communicator, GroupCommunicator, WorldCommunicator
from .npu import Npu, NpuSetup

__all__ = ["Communicator", "GroupCommunicator", "Npu", "NpuSetup", "WorldCommunicator"]
