"""The machine that a simulation runs on, built from the configuration."""

from __future__ import annotations

from collections.abc import Hashable

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.config import (
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
    load_custom_implementations,
)
from simastra.engine import Environment, Probe
from simastra.memory import build_memory
from simastra.network import Mailbox, RendezvousMailbox, build_grid
from simastra.system import CustomCollectives, Npu, NpuSetup
from simastra.system.algorithms import check_collective, choose_algorithms
from simastra.system.groups import build_communicators
from simastra.trace import CollectiveType
from simastra.units import NpuId
from simastra.workload import CollectiveOperation

from .options import Options


class Machine:
    """NPUs, network and memory.

    Args:
        env: the environment.
        system: the system configuration.
        network: the network configuration.
        memory: the remote-memory configuration.
        comm_groups: process groups, None for none.
        options: the rest.
        probe: is told what happens.

    Attributes:
        mailbox: the network, with matching.
        choices: the algorithms configured for each collective, one a dimension.
        communicators: for each NPU, who takes part in its collectives, by number of the group.

    Raises:
        ConfigError: if parts of the configuration contradict each other or name what isn't known.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # a machine is described by these
        self,
        env: Environment,
        system: SystemConfig,
        network: NetworkConfig,
        memory: MemoryConfig,
        comm_groups: CommGroups | None,
        options: Options,
        probe: Probe,
    ) -> None:
        self._system = system
        self._network = network
        tables = options.tables
        self._grid = build_grid(network, tables.topologies)
        backend = tables.backends[options.backend](env, network, self._grid, probe)
        self.mailbox = Mailbox(env, backend)
        if options.rendezvous:
            self.mailbox = RendezvousMailbox(env, backend, options.dialect.rendezvous_tag_offset)
        self._memory = build_memory(memory, network.npus, tables.memories)
        self.choices = choose_algorithms(system, network.dimensions, tables.algorithms)
        self.communicators = build_communicators(
            comm_groups, network.npus_count, self.choices, options.dialect
        )
        self._custom = _custom_collectives(system, options)
        self._setup = NpuSetup(
            env,
            system,
            self.mailbox,
            self._memory,
            npus=network.npus,
            dimensions=network.dimensions,
            custom=self._custom,
            dialect=options.dialect,
            queues_per_dimension=options.queues_per_dimension,
            injection_scale=options.injection_scale,
        )

    def npu(self, npu: NpuId) -> Npu:
        """Make the units of an NPU."""
        return Npu(npu, self._setup, self.communicators[npu])

    # What a workload may ask of it (simastra.workload.check).

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return self._network.npus

    @property
    def has_memory(self) -> bool:
        """Whether there is remote memory."""
        return self._memory is not None

    @property
    def carries_to_self(self) -> bool:
        """Whether the network carries a message to its own sender, as a switch alone does."""
        return bool(self._grid.hops(0, 0))

    def collective_problem(self, npu: NpuId, operation: CollectiveOperation) -> str | None:
        """What is wrong with a node's process group or root on `npu`, None if nothing is."""
        group, root = operation.group, operation.root
        if group not in self.communicators[npu]:
            known = any(group in communicators for communicators in self.communicators)
            reason = f"NPU {npu} isn't a member of it" if known else "there is no such group"
            return f"has pg_name '{group}', but {reason}"
        if operation.collective in EXTENDED_COLLECTIVES and root is not None:
            members = self.communicators[npu][group].ring(operation.involved).members
            if root not in members:
                return f"has comm_src {root} as root, which doesn't take part on NPU {npu}"
        return None

    def kind(self, operation: CollectiveOperation) -> Hashable:
        """Collectives of the same kind are checked once."""
        prefix = self._custom.prefix(operation.collective, operation.node)
        return operation.collective, operation.involved, operation.group, operation.root, prefix

    def check_collective(self, npu: NpuId, operation: CollectiveOperation) -> None:
        """Check that a collective can be run.

        Raises:
            ConfigError: if no algorithm is configured for it, or the algorithm can't run it.
            TraceError: if it is to be played from ETs that are missing or wrong.
        """
        communicator = self.communicators[npu][operation.group]
        prefix = self._custom.prefix(operation.collective, operation.node)
        if prefix is not None:
            self._custom.graphs(prefix, len(communicator.members))
        elif operation.collective not in EXTENDED_COLLECTIVES:
            check_collective(self._system, communicator, operation.collective, operation.involved)


def _custom_collectives(system: SystemConfig, options: Options) -> CustomCollectives:
    if not options.dialect.custom_collectives:
        return CustomCollectives({}, {})
    prefixes = {
        CollectiveType.ALL_REDUCE: system.all_reduce_implementation_custom,
        CollectiveType.REDUCE_SCATTER: system.reduce_scatter_implementation_custom,
        CollectiveType.ALL_GATHER: system.all_gather_implementation_custom,
        CollectiveType.ALL_TO_ALL: system.all_to_all_implementation_custom,
    }
    by_collective = {key: prefix for key, prefix in prefixes.items() if prefix is not None}
    path = system.per_node_custom_implementation
    return CustomCollectives(by_collective, load_custom_implementations(path) if path else {})
