"""A device trace (Kineto's) without its host trace, as what a linked trace holds.

work           kernels and copies, each with the call and the operator that launched it
host           the host's operators, and the calls that are in none
gaps           where the trace has nothing of the host: what passed between kernels
host_waits     when the host waited for the device, by the calls that wait
stream_waits   which kernels waited for another stream's, by calls, or as times show
arguments      an operator's arguments as a host trace would have them
notices        what can't be known
reading        all of it together
"""

from .reading import read_device_trace

__all__ = ["read_device_trace"]
