"""Random simulations as plain data, so that one that fails can be printed and cut down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace

ONE_BYTE_PER_NS = 1e9 / 2**30
"""In GB/s, as network files have them."""


@dataclass(frozen=True)
class Task:
    """What an NPU has to do; in `node` the attributes of an ET node, `after` by place in the list.

    Tasks of different NPUs that are made as one have the same `key`.
    """

    key: int
    type: NodeType
    node: dict[str, Any]
    after: tuple[int, ...] = ()
    duration: int = 0


@dataclass(frozen=True)
class RandomCase:
    """All inputs of a simulation.

    Attributes:
        network: as of a network file.
        system: as of a system file.
        tasks: for each NPU what it does.
        options: of the simulation.
        memory: as of a memory file.
        groups: as of a communicator-group file.
    """

    network: dict[str, Any]
    system: dict[str, Any]
    tasks: tuple[tuple[Task, ...], ...]
    options: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] | None = None
    groups: dict[str, list[int]] | None = None

    @property
    def npus(self) -> int:
        return len(self.tasks)

    def simulation(self, shortcuts: str = "off") -> Simulation:
        """Build it."""
        options = dict(self.options)
        options["dialect"] = dialect_named(
            options.get("dialect", "hoti2024"), extended_collectives=True
        )
        return Simulation(
            Trace.of([_nodes(tasks) for tasks in self.tasks]),
            SystemConfig.parse(self.system),
            NetworkConfig.parse(self.network),
            MemoryConfig.parse(self.memory) if self.memory else None,
            comm_groups=CommGroups.parse(self.groups) if self.groups else None,
            options=Options(**options, shortcuts=shortcuts),
        )

    def with_durations(self, durations: dict[int, int]) -> RandomCase:
        """The same with other durations of computations, by key."""
        tasks = tuple(
            tuple(replace(task, duration=durations.get(task.key, task.duration)) for task in line)
            for line in self.tasks
        )
        return replace(self, tasks=tasks)


def _nodes(tasks: tuple[Task, ...]) -> tuple[Node, ...]:
    return tuple(
        Node(
            id=place + 1,
            name=f"{task.type.name.lower()} {task.key}",
            type=task.type,
            data_deps=tuple(before + 1 for before in task.after),
            duration=task.duration,
            **{"is_cpu_op": False, "involved_dim": (True,) * 4, **task.node},
        )
        for place, task in enumerate(tasks)
    )


COLLECTIVES = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
    CollectiveType.ALL_TO_ALL,
)
