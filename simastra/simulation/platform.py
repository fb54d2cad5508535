"""The machine as data: what the configuration describes, before any clock runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from copy import copy
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.collectives import (
    EXTENDED_COLLECTIVES,
    Algorithm,
    AlgorithmChoice,
    Phase,
    QueueTurns,
    plan_phases,
    split,
)
from simastra.config import (
    CollectiveOptimization,
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
)
from simastra.dialect import HOTI2024
from simastra.memory import build_memory
from simastra.network import Backend, Queueing, backend_options
from simastra.system import CustomCollectives
from simastra.system.algorithms import (
    check_collective,
    choose_algorithms,
    choose_trees,
    on_network,
    rings_only,
)
from simastra.system.communicator import Communicator, Participants
from simastra.system.compute import roofline_duration
from simastra.system.custom_collectives import custom_collectives
from simastra.system.groups import USUAL, Communicators, NumberedGroup
from simastra.trace import CollectiveType, ListedGroups
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Collective

from .built_network import BuiltNetwork
from .options import Options
from .promised import is_shared, is_uniform, least_access

if TYPE_CHECKING:
    from simastra.calibration.priced import BandEdge, Priced
    from simastra.calibration.prices import Prices
    from simastra.network import Topology
    from simastra.view.devices import DeviceNames


class Platform:
    """What all runs on the same configuration share; it answers what a workload may ask of it.

    Args:
        system: the system configuration.
        network: the network configuration.
        memory: the remote-memory configuration.
        comm_groups: process groups, None for none.
        options: the rest.
        listed: process groups that the NPUs' traces list, None for none.
        like: another one, whose network is shared if it is the same; None for none.
        prices: what collectives and messages take; None unless the backend is calibrated.

    Attributes:
        dimensions: the topology of each network dimension; none of a graph, which has no product.
        topology: the whole network's.
        backend: the network backend, and what it declares.
        backend_options: what it is told; None if it takes no options.
        choices: the algorithms configured for each collective, one a dimension.
        trees: on which way rooted collectives go, where the system file says so.
        custom: collectives that are played from ETs.
        prices: what collectives and messages take; None where they are played.
        has_memory: whether there is remote memory.
        shares_memory: whether NPUs may have to wait for each other there.
        own_systems: systems of NPUs that have their own, which `system` isn't; mostly none.
        prefers_npus: whether it may serve some NPU faster than another.

    Raises:
        ConfigError: if parts of the configuration contradict each other or name what isn't known.
    """

    def __init__(  # noqa: PLR0913 - the parts of a machine
        self,
        system: SystemConfig,
        network: NetworkConfig,
        memory: MemoryConfig,
        comm_groups: CommGroups | None,
        options: Options,
        *,
        listed: ListedGroups | None = None,
        like: Platform | None = None,
        prices: Prices | None = None,
    ) -> None:
        self.listed_groups: ListedGroups = listed or {}
        self.system = system
        self.network = network
        self.memory = memory
        self.comm_groups = comm_groups
        self.options = options
        known = None if like is None else like._built.when_of(network, options.tables)
        self._built: BuiltNetwork = known or BuiltNetwork(network, options.tables)
        self.dimensions = self._built.dimensions
        self.topology = self._built.topology
        self.backend = Backend.of(options.tables.backends[options.backend])
        self.backend_options = backend_options(network, options.backend, options.tables.backends)
        remote = build_memory(memory, network.npus, options.tables.memories)
        self.has_memory = remote is not None
        self.shares_memory = remote is not None and is_shared(remote)
        self.prefers_npus = remote is not None and not is_uniform(remote)
        self._least_access = least_access(remote)
        self.prices = prices
        chosen = choose_algorithms(system, network.dimensions, options.tables.algorithms)
        self.choices = on_network(chosen, self.topology)
        self.trees = choose_trees(system)
        self.custom = CustomCollectives.none()
        if options.dialect.custom_collectives:
            self.custom = custom_collectives(system)
        if prices is not None:  # a price has the algorithm in it
            self.choices = rings_only(network.dimensions)
            self.custom = CustomCollectives.none()
        self._communicators = self.communicators()
        self.own_systems: Mapping[NpuId, SystemConfig] = {}

    def communicators(self, group_numbers: Mapping[int, int] | None = None) -> Communicators:
        """Communicators for one run: they count what the NPUs issue.

        Args:
            group_numbers: for process groups, other numbers to tag their messages by.
        """
        return Communicators(
            self.comm_groups,
            self.network.npus_count,
            self.choices,
            self.options.dialect,
            group_numbers or {},
            self.listed_groups,
            trees=self.trees,
        )

    def with_own_systems(self, systems: Mapping[NpuId, SystemConfig]) -> Platform:
        """The same where some NPUs have systems of their own.

        Args:
            systems: of these NPUs.
        """
        twin = copy(self)
        twin.own_systems = systems
        return twin

    def system_of(self, npu: NpuId) -> SystemConfig:
        """The system of an NPU: its own, where it has one."""
        return self.own_systems.get(npu, self.system)

    def with_choices(self, choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]]) -> Platform:
        """The same with other algorithms for some collectives, one a dimension."""
        other = copy(self)
        other.choices = {**self.choices, **{key: tuple(it) for key, it in choices.items()}}
        other._communicators = other.communicators()
        return other

    def of_one_group(self, members: Sequence[NpuId] | None) -> Platform:
        """The same machine with nothing in it but one process group, or none.

        It has no remote memory, and plays no collective from ETs.

        Args:
            members: of the group, whose number is 1; None for none.
        """
        groups = None if members is None else CommGroups.parse({"1": list(members)})
        other = Platform(self.system, self.network, MemoryConfig(), groups, self.options, like=self)
        other.custom = CustomCollectives.none()
        return other

    def at(self, edge: BandEdge) -> Platform:
        """The same with all prices at another edge of their bands."""
        prices = self.prices and self.prices.at(edge)
        parts = self.system, self.network, self.memory, self.comm_groups, self.options
        return Platform(*parts, listed=self.listed_groups, like=self, prices=prices)

    def least_access(self, size: Bytes) -> Ns:
        """What an access to remote memory takes at the least; 0 where that isn't promised."""
        return 0 if self._least_access is None else self._least_access(size)

    def roofline_duration(
        self, num_ops: int, tensor_size: Bytes, system: SystemConfig | None = None
    ) -> Ns:
        """How long an NPU computes, by the roofline of its system; or of one of its own."""
        si_rates = self.options.dialect.si_rates
        return roofline_duration(system or self.system, num_ops, tensor_size, si_rates=si_rates)

    @property
    def groups(self) -> Sequence[NumberedGroup]:
        """All process groups: those of the file, and those that traces list."""
        return self._communicators.groups

    def members(self, npu: NpuId, group: int) -> Sequence[NpuId]:
        """Who is in the process group that `npu` knows by that number, in order of positions."""
        return self._communicators.members(npu, group)

    def listed(self, npu: NpuId, group: int) -> Sequence[NpuId] | None:
        """The members that the process group's file lists; None where it is all NPUs unlisted.

        For all members of a group it is the same object.
        """
        return self._communicators.listed(npu, group)

    def participants(self, npu: NpuId, collective: Collective) -> Participants:
        """Who takes part in a collective of an NPU."""
        return self._communicators[npu][collective.group].participants(collective)

    def group_sizes(self, npu: NpuId) -> tuple[tuple[int, int], ...]:
        """Number and size of each process group that an NPU knows."""
        return tuple(
            (number, len(known.members)) for number, known in self._communicators[npu].items()
        )

    def phases(
        self, npu: NpuId, operation: Collective, *, of_last_chunk: bool = False
    ) -> Sequence[Phase]:
        """The phases of the first chunk of one of the four collectives, on an NPU, or of the last.

        Nothing where nobody else takes part. No chunk of an uneven collective is smaller than the
        first, none larger than the last.
        """
        system, network = self.system, self.network
        along = self.participants(npu, operation)
        if not along.active:
            return ()
        chunks = split(
            operation.kind, operation.size, system.preferred_dataset_splits, network.npus
        )
        return plan_phases(
            operation.kind,
            chunks.size,
            along.for_chunk(operation, (chunks.count - 1) * of_last_chunk, chunks.count),
            along.active,
            QueueTurns(network.dimensions, self.options.queues_per_dimension),
            bandwidth_aware=system.collective_optimization is CollectiveOptimization.LOCAL_BW_AWARE,
        )

    def group_algorithm(self, collective: CollectiveType) -> Algorithm:
        """What a process group of some of the NPUs runs for that collective."""
        return self._communicators.group_algorithm(collective)

    def algorithms(self, collective: CollectiveType) -> Sequence[Algorithm]:
        """Those that may run that collective, among all NPUs or in a process group."""
        if collective not in self.choices:
            return ()
        along = [choice.algorithm for choice in self.choices[collective]]
        return (*along, self.group_algorithm(collective)) if self.groups else along

    @property
    def queues_at_links(self) -> bool:
        """Whether messages are known to wait for each other at links."""
        return self.backend.queueing is Queueing.AT_LINKS

    @property
    def custom_files(self) -> tuple[str | Path, ...]:
        """Names of the files read so far for collectives that are played from ETs."""
        by_node = self.system.per_node_custom_implementation
        if by_node is None or not self.options.dialect.custom_collectives:
            return self.custom.files
        return (by_node, *self.custom.files)

    @property
    def algorithm_files(self) -> tuple[str, ...]:
        """Names of the files that algorithms were made of."""
        files = (choice.algorithm.files for listed in self.choices.values() for choice in listed)
        return tuple(dict.fromkeys(chain.from_iterable(files)))

    @property
    def given_names(self) -> DeviceNames | None:
        """What the network's file calls the devices; None where it gives no names."""
        return None if self.network.graph is None else self.network.device_names

    @property
    def lines(self) -> Sequence[Topology]:
        """The topology of each dimension, also where a graph spells them out; else none."""
        return self._built.lines

    # What a workload may ask of it (simastra.workload.check).

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return self.network.npus

    @property
    def carries_to_self(self) -> bool:
        """Whether the network carries a message to its own sender, as a switch alone does."""
        return bool(self.topology.hops(0, 0))

    def collective_problem(self, npu: NpuId, operation: Collective) -> str | None:
        """What is wrong with a node's process group or root on `npu`, None if nothing is."""
        group, root = operation.group, operation.root
        if group not in self._communicators[npu]:
            known = self._communicators.has_group(group)
            reason = f"NPU {npu} isn't a member of it" if known else self._no_such_group
            return f"has pg_name '{group}', but {reason}"
        rooted = operation.kind in EXTENDED_COLLECTIVES and root is not None
        if rooted and root not in self.participants(npu, operation).members:
            return f"has comm_src {root} as root, which doesn't take part on NPU {npu}"
        return None

    @property
    def _no_such_group(self) -> str:
        file = self.comm_groups
        if file is not None and file.groups:
            return f"there is no such group in {file.source}; list its members there"
        return (
            "there is no such group; give a file that lists its members as --comm-groups, or use "
            f"--compat {HOTI2024.name}, which doesn't read pg_name"
        )

    def kind(self, operation: Collective) -> Hashable:
        """Collectives of the same kind are checked once."""
        prefix = self.custom.prefix(operation)
        who = operation.involved, operation.group, operation.root
        listed = self.choices.get(operation.kind, ())
        size = operation.size if any(it.algorithm.selects for it in listed) else None
        return operation.kind, *who, prefix, operation.parts is not None, size

    def group_seen(self, npu: NpuId, operation: Collective) -> Hashable | None:
        """The process group of a node on `npu`: NPUs of equal ones get the same answers.

        None where the answer may be this NPU's alone: it isn't in the group, or names a root.
        """
        if operation.root is not None:
            return None
        listed = self._communicators.listed(npu, operation.group)
        if listed is None:
            return 0 if operation.group == USUAL else None
        return id(listed)

    def priced(self, npu: NpuId, operation: Collective) -> Priced | None:
        """What a collective of an NPU takes, with its band; None where nobody else takes part.

        Raises:
            InputError: if the calibration knows nothing of such a collective.
        """
        assert self.prices is not None  # somebody asks only then
        members = self.participants(npu, operation).members
        if len(members) == 1:
            return None
        nodes = self.prices.nodes_of(members)
        return self.prices.priced(operation.kind, operation.size, len(members), nodes)

    def price(self, npu: NpuId, operation: Collective) -> Ns:
        """What a collective of an NPU takes in a run where nobody else needs its links, in ns.

        Raises:
            InputError: if the calibration knows nothing of such a collective.
        """
        assert self.prices is not None  # somebody asks only then
        members = self.participants(npu, operation).members
        if len(members) == 1 or operation.gathers_nothing:
            return 0
        nodes = self.prices.nodes_of(members)
        return self.prices.collective(operation.kind, operation.size, len(members), nodes).total

    def nodes_of(self, npus: Sequence[NpuId]) -> int:
        """In how many nodes NPUs are; 1 where nothing says what a node is."""
        return 1 if self.prices is None else self.prices.nodes_of(npus)

    def check_collective(self, npu: NpuId, operation: Collective) -> None:
        """Check that a collective can be run.

        Raises:
            ConfigError: if no algorithm is configured for it, or the algorithm can't run it.
            TraceError: if it is to be played from ETs that are missing or wrong.
            InputError: if the calibration knows nothing of such a collective.
        """
        communicator = self._communicators[npu][operation.group]
        if self.prices is not None:
            self.priced(npu, operation)
            return
        prefix = self.custom.prefix(operation)
        if prefix is not None:
            self.custom.graphs(prefix, len(communicator.members))
        elif operation.kind not in EXTENDED_COLLECTIVES:
            check_collective(self.system, communicator, operation)
            for other in self._other_lines(communicator, operation):
                check_collective(self.system, other, operation)

    def _other_lines(
        self, communicator: Communicator, operation: Collective
    ) -> Iterator[Communicator]:
        """Where on a graph switches reduce, some lines of NPUs may have one, and others none."""
        choices = self.choices.get(operation.kind, ())
        if operation.group == USUAL and any(it.algorithm.uses_switches for it in choices):
            for other in communicator.members if self.network.graph is not None else ():
                yield self._communicators[other][operation.group]
