"""Among how many GPUs of how many nodes a run is: what a log says of it, in whatever way."""

import re
from collections import Counter

_RANK = re.compile(r"\bRank\s+([0-9]+)\s+(?:Group\s+([0-9]+)\s+)?(?:Pid\s+[0-9]+\s+)?on\s+(\S+)\s")
_THREADS = re.compile(r"\bnThreads?\s+([0-9]+)\s+nGpus\s+([0-9]+)")
_LAUNCHERS = ("run", "exec", "-np")
_LAUNCHER = re.compile(r"\b(?:mpirun|mpiexec|orterun|srun|prterun)\b")
_PROCESSES = re.compile(r"\s-{1,2}(?:np|n|ntasks)[ =]\s*([0-9]+)")
_CONTINUED = re.compile(r"^\W*-np\s+([0-9]+)\s*\\?$")
_OF_NODE = re.compile(r"\s--(?:ntasks|n)-?per-?node[ =]\s*([0-9]+)")
_NODES = re.compile(r"\s(?:-N|--nodes)[ =]?\s*([0-9]+)")
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
        # Words are looked for first, which is quick: NCCL can log very much.
        if "Rank" in line and (rank := _RANK.search(line)) is not None:
            key = (int(rank[2] or 0), int(rank[1]))
            self._hosts.setdefault(key, set()).add(rank[3])
        elif "nThread" in line and (threads := _THREADS.search(line)) is not None:
            self._of_process = int(threads[1]) * int(threads[2])
        elif "anks " in line and (ranks := _RANKS.search(line)) is not None:
            self._ranks = int(ranks[1])
        elif any(word in line for word in _LAUNCHERS):
            self._processes = _processes(line) or self._processes

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


def _processes(line: str) -> int | None:
    """How many processes a command line starts; behind the test's name, -n is something else."""
    launcher = line.partition("_perf")[0]
    if not _LAUNCHER.search(launcher):
        continued = _CONTINUED.match(launcher)
        return int(continued[1]) if continued else None
    if (count := _PROCESSES.search(launcher)) is not None:
        return int(count[1])
    of_node, nodes = _OF_NODE.search(launcher), _NODES.search(launcher)
    return int(of_node[1]) * int(nodes[1]) if of_node and nodes else None
