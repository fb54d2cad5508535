"""Who waits for whom, and why: of a simulation that stands still, and of one that is being stepped.

situation         a simulation as it stands: processes, receives unmet, messages on their way
finding           what one node waits for
message_waits, collective_waits, stream_waits    the kinds of nodes that wait for others
custom_waits      collectives that are played from ETs
plans             what members of collectives have begun and are going to begin
uneven_waits      members that ask for too few, for too many, or in another group
waiting           any node that is under way
holders           which node of an NPU holds up another one
deadlock          everybody, at a standstill         why    one NPU's chain of waits, at any time
"""

from .deadlock import deadlock
from .situation import Situation, situation
from .why import Why, why

__all__ = ["Situation", "Why", "deadlock", "situation", "why"]
