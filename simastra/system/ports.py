"""What an NPU's streams act upon."""

from simastra.engine import Agenda, ProbeFan
from simastra.network import Mailbox
from simastra.quick_dataclass import dataclass
from simastra.units import NpuId

from .endpoint import Endpoint
from .switches import Switches
from .tags import Tags


@dataclass(frozen=True, slots=True)
class Ports:
    """What an NPU's streams act upon.

    Attributes:
        npu: the NPU.
        agenda: its own events.
        endpoint: what its packets pass.
        group_endpoint: what they pass in collectives of a process group.
        mailbox: the network, with matching.
        tags: how messages are tagged.
        switches: those of the network that reduce.
        probe: is told of the phases that streams begin and end.
    """

    npu: NpuId
    agenda: Agenda
    endpoint: Endpoint
    group_endpoint: Endpoint
    mailbox: Mailbox
    tags: Tags
    switches: Switches
    probe: ProbeFan
