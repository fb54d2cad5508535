"""Who waits for whom, and why: of a simulation that stands still, and of one that is being stepped.

situation         a simulation as it stands: processes, posted receives, messages on their way
node, reason      why a node that is under way doesn't end
messages          a send or a receive
collectives       a collective                 chunks    one of its chunks
switches          what those that reduce wait for
custom_collectives    collectives that are played from ETs
participation     an NPU's part in a collective
plans             what members of collectives have begun and are going to begin
uneven            members that ask for too few, for too many, or in another group
holders           which node of an NPU holds up another one
deadlock          everybody, at a standstill         why    one NPU's chain of waits, at any time
"""

from .deadlock import deadlock
from .situation import Situation, situation
from .why import Why, why

__all__ = ["Situation", "Why", "deadlock", "situation", "why"]
