"""Remote memories by who shares one: nobody, the NPUs of a node, or everybody (behaviour 5.1)."""

from collections import deque
from typing import final

from simastra.engine import Agenda, Category, Completion
from simastra.units import Bytes, NpuId, Ns

from .base import RemoteMemory


@final
class PerNpuMemory(RemoteMemory):
    """Every NPU has a remote memory of its own: nobody waits."""

    @property
    def is_shared(self) -> bool:
        """Nobody shares it."""
        return False

    @property
    def is_uniform(self) -> bool:
        """An access takes what its size does."""
        return True

    @property
    def serves_in_turn(self) -> bool:
        """It does."""
        return True

    def access(self, npu: NpuId, agenda: Agenda, size: Bytes) -> Completion:
        """Serve at once."""
        done = Completion(agenda.env)
        agenda.call_later(self.duration(size), done.fire, Category.MEMORY)
        return done


class MemoryServer:
    """One memory that serves one access at a time, first come first served."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: deque[tuple[Agenda, Ns, Completion]] = deque()

    def serve(self, agenda: Agenda, duration: Ns, done: Completion) -> None:
        """Begin an access that takes `duration`, or let it wait behind those before it."""
        if self._busy:
            self._waiting.append((agenda, duration, done))
            return
        self._busy = True
        # The NPU goes on before the memory is free for the next, both on the NPU's own agenda.
        agenda.call_later(duration, done.fire, Category.MEMORY)
        agenda.call_later(duration, self.release, Category.MEMORY)

    def release(self) -> None:
        """Serve the next access, if one waits."""
        self._busy = False
        if self._waiting:
            self.serve(*self._waiting.popleft())


@final
class PooledMemory(RemoteMemory):
    """One memory for all NPUs, with one server."""

    def __init__(self, latency: Ns, bytes_per_ns: int) -> None:
        super().__init__(latency, bytes_per_ns)
        self._server = MemoryServer()

    @property
    def serves_in_turn(self) -> bool:
        """It does."""
        return True

    def server(self, npu: NpuId) -> int:
        """One for all."""
        return 0

    def access(self, npu: NpuId, agenda: Agenda, size: Bytes) -> Completion:
        """Serve when all that came before have been served."""
        done = Completion(agenda.env)
        self._server.serve(agenda, self.duration(size), done)
        return done


@final
class PerNodeMemory(RemoteMemory):
    """One memory for each node of so many NPUs, each with one server.

    Args:
        latency: of one access, in ns.
        bytes_per_ns: bandwidth.
        npus_per_node: how many NPUs share a node; NPU i is on node i // npus_per_node.
    """

    def __init__(self, latency: Ns, bytes_per_ns: int, npus_per_node: int) -> None:
        super().__init__(latency, bytes_per_ns)
        self.npus_per_node = npus_per_node
        self._servers: dict[int, MemoryServer] = {}

    @property
    def serves_in_turn(self) -> bool:
        """It does."""
        return True

    def server(self, npu: NpuId) -> int:
        """That of its node."""
        return npu // self.npus_per_node

    def access(self, npu: NpuId, agenda: Agenda, size: Bytes) -> Completion:
        """Serve when all that came before on the same node have been served."""
        server = self._servers.setdefault(self.server(npu), MemoryServer())
        done = Completion(agenda.env)
        server.serve(agenda, self.duration(size), done)
        return done
