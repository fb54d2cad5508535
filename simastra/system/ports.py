"""What an NPU's streams act upon."""

from dataclasses import dataclass

from simastra.engine import Agenda
from simastra.network import Mailbox
from simastra.units import NpuId

from .endpoint import Endpoint
from .tags import Tags


@dataclass(frozen=True, slots=True)
class Ports:
    """What an NPU's streams act upon.

    Attributes:
        npu: the NPU.
        agenda: its own events.
        endpoint: what its packets pass.
        mailbox: the network, with matching.
        tags: how messages are tagged.
    """

    npu: NpuId
    agenda: Agenda
    endpoint: Endpoint
    mailbox: Mailbox
    tags: Tags
