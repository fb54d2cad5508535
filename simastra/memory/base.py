"""What a remote memory model has to do."""

from abc import ABC, abstractmethod

from simastra.engine import Agenda, Completion
from simastra.units import Bytes, NpuId, Ns


class RemoteMemory(ABC):
    """Serves the remote memory accesses of all NPUs. Loads and stores cost the same (5.1).

    Args:
        latency: of one access, in ns.
        bytes_per_ns: bandwidth, whole bytes; 0 for unlimited, as ASTRA-sim has it.
    """

    def __init__(self, latency: Ns, bytes_per_ns: int) -> None:
        self.latency = latency
        self.bytes_per_ns = bytes_per_ns

    @property
    def is_shared(self) -> bool:
        """Whether NPUs may have to wait for each other; True where nothing better is known."""
        return True

    @property
    def is_uniform(self) -> bool:
        """Whether every NPU is served alike, by what it does; False where that isn't known.

        It schedules on the NPU's `agenda` alone. Shortcuts rely on this, and on `is_shared`.
        """
        return False

    @property
    def serves_in_turn(self) -> bool:
        """Whether an access takes its `duration`, at the NPU's `server`, first come first served.

        False where that isn't known. The compiled loop relies on it.
        """
        return False

    def server(self, npu: NpuId) -> int | None:
        """Where accesses of `npu` wait for each other and for those of others; None for nowhere.

        Asked only where it `serves_in_turn`.
        """
        return None

    @abstractmethod
    def access(self, npu: NpuId, agenda: Agenda, size: Bytes) -> Completion:
        """Load or store `size` bytes for `npu`; the event fires when it is done."""

    def duration(self, size: Bytes) -> Ns:
        """Time that an access takes once it is served."""
        return self.latency + (int(size / self.bytes_per_ns) if self.bytes_per_ns else 0)
