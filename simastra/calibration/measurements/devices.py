"""Among how many GPUs of how many nodes a run is: what a log says of it, in whatever way."""

import re
from collections import Counter

_RANK = re.compile(r"\bRank\s+([0-9]+)\s+(?:Group\s+([0-9]+)\s+)?(?:Pid\s+[0-9]+\s+)?on\s+(\S+)\s")
_THREADS = re.compile(r"\bnThreads?\s+([0-9]+)\s+nGpus\s+([0-9]+)")
_PROCESSES = re.compile(
    r"\b(?:mpirun|mpiexec|orterun|srun)\b.*?\s-{1,2}(?:np|n|ntasks)[ =]\s*([0-9]+)"
)
_RANKS = re.compile(r"\bnranks\s+([0-9]+)", re.IGNORECASE)


class Devices:
    """What was heard of a run's GPUs.

    Its ranks are listed, as a rule. Otherwise GPUs of a thread, times threads, times processes; or
    what NCCL itself logs of its communicators.
    """

    def __init__(self) -> None:
        self._hosts: dict[tuple[int, int], set[str]] = {}
        self._of_process: int | None = None
        self._processes: int | None = None
        self._ranks: int | None = None

    def hear(self, line: str) -> None:
        """Note what a line says."""
        if (rank := _RANK.search(line)) is not None:
            key = (int(rank[2] or 0), int(rank[1]))
            self._hosts.setdefault(key, set()).add(rank[3])
        elif (threads := _THREADS.search(line)) is not None:
            self._of_process = int(threads[1]) * int(threads[2])
        elif (ranks := _RANKS.search(line)) is not None:
            self._ranks = int(ranks[1])
        elif (processes := _PROCESSES.search(line)) is not None:
            self._processes = int(processes[1])

    @property
    def npus(self) -> int | None:
        """How many take part; None if nothing says it."""
        if self._hosts:
            return len(self._group())
        if self._ranks is not None:
            return self._ranks
        if self._of_process is None:
            return None
        # One process alone has all of its GPUs; of several it must be said how many there are.
        if self._processes is None:
            return self._of_process if self._of_process > 1 else None
        return self._of_process * self._processes

    @property
    def nodes(self) -> int | None:
        """How many hosts they are of; None if nothing says it."""
        group = self._group()
        if not group:
            return None
        # Independent runs in one log list each rank several times, of a host each.
        runs = max(len(hosts) for hosts in group)
        return max(len(set().union(*group)) // runs, 1)

    def _group(self) -> list[set[str]]:
        """Hosts of each rank of the largest group: groups run side by side, each on its own."""
        sizes = Counter(group for group, _ in self._hosts)
        if not sizes:
            return []
        largest = max(sizes, key=lambda group: (sizes[group], -group))
        return [hosts for (group, _), hosts in self._hosts.items() if group == largest]
