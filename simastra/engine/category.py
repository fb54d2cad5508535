"""What simulated time is spent on: said where the end of a delay is scheduled."""

from enum import StrEnum


class Category(StrEnum):
    """What time is spent on (docs/explaining.md has an example of each).

    The first ten are work on what the NPU itself waits for, then comes what others cost it.
    """

    COMPUTE = "compute"
    """A computation of the NPU, on its CPU or its GPU, or one in a collective played from ETs."""

    ENDPOINT = "endpoint"
    """A packet passes the NPU's endpoint (or shared bus), behind others of the NPU included."""

    REDUCTION = "reduction"
    """A packet is reduced with local data."""

    LATENCY = "latency"
    """A message crosses links, its serialisation apart; all of its way in a network that doesn't
    tell the two apart."""

    SERIALISATION = "serialisation"
    """A message is put on the wire: size / bandwidth, at each link that stores and forwards."""

    LAUNCH = "launch"
    """A priced collective is launched, and its steps follow each other: what it takes whatever its
    size."""

    PROTOCOL = "protocol"
    """Protocols of a priced collective, and its pipelines that fill: what grows with the root of
    its size."""

    BANDWIDTH = "bandwidth"
    """A priced collective's bytes pass links, as fast as they do alone."""

    MEMORY = "memory"
    """An access of the NPU to remote memory is served."""

    OTHER = "other"
    """What nothing says more of, and what is for no ET node."""

    QUEUEING = "queueing"
    """A message waits at a link for messages before it."""

    SHARING = "sharing"
    """A message takes longer, as others have a part of a link's bandwidth, where messages share
    links."""

    CONTENTION = "contention"
    """A priced collective takes longer, as other collectives use the same links."""

    PARTNER = "partner"
    """The NPU is ready to receive, and its partner has not sent yet (skew); or to take part in a
    priced collective, and another member has not come yet."""

    SLOWER = "slower NPU"
    """Likewise, as long as that is for an NPU that a scenario makes slower than usual, or holds."""

    UNIT = "unit"
    """A shared unit, such as a memory for several NPUs, is busy with what came before."""

    OTHER_JOB = "other job"
    """A message waits at a link for messages of another job, or shares it with these."""

    FAULT = "fault"
    """A link of a scenario is down or slower than its network's file has it; or an NPU is held."""

    IDLE = "idle"
    """The NPU has finished, others have not."""
