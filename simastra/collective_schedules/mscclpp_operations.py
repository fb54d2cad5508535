"""What the operations of MSCCL++'s plans do, by name. (docs of MSCCL++: "DSL JSON file".)"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Packets(Enum):
    """Which chunks are packets: data with flags, which a reader waits for without a signal."""

    NONE = auto()
    ALL = auto()
    BUT_FIRST = auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation does.

    Attributes:
        moves: whether it copies each of src_buff to that one of dst_buff.
        reduces: whether it reduces all of src_buff to one, and writes that to each of dst_buff.
        signals: whether it signals on its channels then.
        waits: whether it waits on its channels.
        packets_in: of src_buff.
        packets_out: of dst_buff.
        in_switch: whether a switch reduces, or spreads.
    """

    moves: bool = False
    reduces: bool = False
    signals: bool = False
    waits: bool = False
    packets_in: Packets = Packets.NONE
    packets_out: Packets = Packets.NONE
    in_switch: bool = False


_PUT = Operation(moves=True)
_PUT_AND_SIGNAL = Operation(moves=True, signals=True)
_TO_PACKETS = Operation(moves=True, packets_out=Packets.ALL)
_REDUCE = Operation(reduces=True)
_REDUCE_PACKETS = Operation(reduces=True, packets_in=Packets.BUT_FIRST)
_REDUCE_AND_SEND_PACKETS = Operation(
    reduces=True, packets_in=Packets.BUT_FIRST, packets_out=Packets.BUT_FIRST
)
_IN_SWITCH = Operation(moves=True, in_switch=True)

OPERATIONS: Mapping[str, Operation] = {
    "nop": Operation(),
    "flush": Operation(),
    "signal": Operation(signals=True),
    "rlxsignal": Operation(signals=True),
    "wait": Operation(waits=True),
    "rlxwait": Operation(waits=True),
    "put": _PUT,
    "pws": _PUT_AND_SIGNAL,
    "pwsf": _PUT_AND_SIGNAL,
    "get": _PUT,
    "copy": _PUT,
    "ppkt": _TO_PACKETS,
    "tpkt": _TO_PACKETS,
    "cpkt": _TO_PACKETS,
    "upkt": Operation(moves=True, packets_in=Packets.ALL),
    "rppkt": Operation(moves=True, packets_in=Packets.ALL, packets_out=Packets.ALL),
    "re": _REDUCE,
    "res": _REDUCE,
    "rre": _REDUCE,
    "rres": _REDUCE,
    "repkt": _REDUCE_PACKETS,
    "respkt": _REDUCE_AND_SEND_PACKETS,
    "recpkt": _REDUCE_AND_SEND_PACKETS,
    "recspkt": _REDUCE_AND_SEND_PACKETS,
    "gstore": _IN_SWITCH,
    "glre": _IN_SWITCH,
    "glres": _IN_SWITCH,
}
"""By name; barrier, sem_acquire, sem_release and pipeline have fields of their own. To add one: a
line.

A put through a port is taken to be done where it stands, and all threads of a thread block to go
from one operation to the next together.
"""

BARRIER, ACQUIRE, RELEASE, PIPELINE = "barrier", "sem_acquire", "sem_release", "pipeline"
"""Those that have fields of their own."""
