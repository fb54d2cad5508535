"""What an input may be wanted as, and the keys of ASTRA-sim 1.x: all that readers need at once."""

from enum import StrEnum


class InputRole(StrEnum):
    """What an input of simastra's is; the value is its name in a message."""

    SYSTEM = "system configuration"
    NETWORK = "network configuration"
    MEMORY = "remote-memory configuration"
    GROUPS = "communicator-group configuration"
    CUSTOM = "map of ET nodes to custom collectives"
    TRACE = "Chakra execution trace"
    TEXT = "text workload of ASTRA-sim 1.0"
    VERSION_1 = "system or network file of ASTRA-sim 1.x"
    LINKED = "linked PyTorch trace"
    HOST = "host trace (PyTorch's execution trace)"
    DEVICE = "device trace (Kineto)"
    RESULT = "result of a run"
    SCHEDULE = "schedule of a collective"


VERSION_1_KEYS = frozenset(
    {
        "topology-name",
        "topologies-per-dim",
        "dimension-type",
        "dimensions-count",
        "units-count",
        "links-count",
        "link-latency",
        "link-bandwidth",
        "nic-latency",
        "router-latency",
        "hbm-latency",
        "hbm-bandwidth",
        "hbm-scale",
    }
)
"""Keys of network files that only ASTRA-sim 1.x reads."""
