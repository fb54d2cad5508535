"""The facade: from a workload, a system and a network to a Result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from simastra.config import (
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
    load_comm_groups,
    load_memory,
    load_network,
    load_system,
)
from simastra.dialect import DIALECTS, HOTI2024, Dialect
from simastra.engine import Environment, Probe, ProbeFan
from simastra.errors import DeadlockError, OptionError, Wait
from simastra.memory import build_memory
from simastra.names import unknown_name
from simastra.network import BACKENDS, Mailbox, RendezvousMailbox, build_grid, build_network
from simastra.notices import Notice
from simastra.result import Result, ResultRecorder
from simastra.system import Npu, NpuSetup
from simastra.system.algorithms import check_algorithms, choose_algorithms
from simastra.system.groups import build_communicators
from simastra.trace import DependencyGraph, Trace, TraceBuilder, load_trace
from simastra.workload import (
    CollectiveOperation,
    Machine,
    NpuProcess,
    OperationRules,
    check_workload,
)

Workload: TypeAlias = str | Path | Trace | TraceBuilder
"""A prefix of ET files (``PREFIX.<npu>.et``), a trace in memory, or a builder for all NPUs."""


@dataclass(frozen=True, slots=True)
class Options:
    """What ASTRA-sim takes as command-line options (behaviour 1.1).

    Attributes:
        backend: ``congestion-aware`` or ``congestion-unaware``.
        dialect: which ASTRA-sim is reproduced.
        queues_per_dimension: logical queues of each network dimension, at least 1.
        injection_scale: factor on the endpoint delay, where the system file gives one.
        rendezvous: whether each message is preceded by a handshake (behaviour 3.9).

    Raises:
        OptionError: if a value is out of its range.
    """

    backend: str = "congestion-aware"
    dialect: Dialect = HOTI2024
    queues_per_dimension: int = 1
    injection_scale: float = 1.0
    rendezvous: bool = False

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise OptionError("network-backend", unknown_name("backend", self.backend, BACKENDS))
        if self.queues_per_dimension < 1:
            raise OptionError(
                "num-queues-per-dim", f"must be at least 1, not {self.queues_per_dimension}"
            )
        if not 0 <= self.injection_scale < float("inf"):
            raise OptionError(
                "injection-scale", f"must be a number of at least 0, not {self.injection_scale}"
            )


class Simulation:
    """One simulation, built and checked; `run` it, or step through ``simulation.env``.

    Args:
        workload: what each NPU does.
        system: the system configuration, or its JSON file.
        network: the network configuration, or its YAML file.
        memory: the remote-memory configuration, or its JSON file; none by default.
        comm_groups: process groups, or their JSON file; none by default.
        options: the rest.
        probes: further listeners to what happens.

    Attributes:
        env: the environment: ``env.step()``, ``env.peek()`` and ``env.run(until=...)`` as in SimPy.
        processes: the NPUs' processes, by NPU.
        mailbox: the network; ``mailbox.network.links`` are its links.
        notices: what is doubtful in the inputs.

    Raises:
        InputError: if an input can't be read or is wrong.
    """

    def __init__(  # noqa: PLR0913  # a simulation's inputs are these
        self,
        workload: Workload,
        system: SystemConfig | str | Path,
        network: NetworkConfig | str | Path,
        memory: MemoryConfig | str | Path | None = None,
        *,
        comm_groups: CommGroups | str | Path | None = None,
        options: Options | None = None,
        probes: Sequence[Probe] = (),
    ) -> None:
        self.options = options or Options()
        self.system = system if isinstance(system, SystemConfig) else load_system(system)
        self.network = network if isinstance(network, NetworkConfig) else load_network(network)
        self.memory = _memory(memory)
        self.comm_groups = _comm_groups(comm_groups)
        self._grid = build_grid(self.network)
        self._choices = choose_algorithms(self.system, self.network.dimensions)
        self.rules = OperationRules(self.options.dialect, self.system)
        self.trace = _trace(workload, self.network.npus)
        self._recorder = ResultRecorder(self.network.npus, self.rules)
        self._probe: Probe = ProbeFan((self._recorder, *probes)) if probes else self._recorder
        self.env = Environment()
        self.mailbox = self._build_mailbox()
        self._remote_memory = build_memory(self.memory, self.network.npus)
        self._check()
        self.processes = self._build_processes()
        for process in self.processes:
            self.env.process(process.walk())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is doubtful in the inputs."""
        models = (self.system, self.network, self.memory, self.comm_groups)
        return tuple(notice for model in models if model for notice in model.notices())

    def run(self) -> Result:
        """Run to the end, from wherever the simulation stands.

        Raises:
            DeadlockError: if nothing can happen any more while some NPUs have not finished.
        """
        self.env.run()
        waits = tuple(wait for process in self.processes for wait in _waits(process))
        if waits or any(process.finish_time is None for process in self.processes):
            raise DeadlockError(waits, self.env.now)
        return self.result()

    def result(self) -> Result:
        """What is known so far; the whole outcome once `run` has returned."""
        return self._recorder.result(self.notices)

    def _build_mailbox(self) -> Mailbox:
        network = build_network(
            self.options.backend, self.env, self.network, self._grid, self._probe
        )
        if self.options.rendezvous:
            offset = self.options.dialect.rendezvous_tag_offset
            return RendezvousMailbox(self.env, network, offset)
        return Mailbox(self.env, network)

    def _check(self) -> None:
        def check_collective(operation: CollectiveOperation) -> None:
            check_algorithms(
                self.system,
                operation.collective,
                self._choices[operation.collective],
                self.network.npus_count,
            )

        machine = Machine(
            npus=self.network.npus,
            has_memory=self._remote_memory is not None,
            carries_to_self=bool(self._grid.hops(0, 0)),
            check_collective=check_collective,
        )
        check_workload(self.trace, self.rules, machine)

    def _build_processes(self) -> tuple[NpuProcess, ...]:
        setup = NpuSetup(
            self.env,
            self.system,
            self.mailbox,
            self._remote_memory,
            npus=self.network.npus,
            dimensions=self.network.dimensions,
            queues_per_dimension=self.options.queues_per_dimension,
            injection_scale=self.options.injection_scale,
        )
        communicators = build_communicators(
            self.comm_groups, self.network.npus_count, self._choices
        )
        graphs: dict[int, DependencyGraph] = {}  # one for all NPUs that share their nodes
        processes = []
        for npu, (nodes, communicator) in enumerate(
            zip(self.trace.npus, communicators, strict=True)
        ):
            if id(nodes) not in graphs:
                follows = self.options.dialect.follows_ctrl_deps
                graphs[id(nodes)] = DependencyGraph(nodes, with_ctrl_deps=follows)
            units = Npu(npu, setup, communicator)
            processes.append(NpuProcess(units, graphs[id(nodes)], self.rules, self._probe))
        return tuple(processes)


def dialect_named(name: str) -> Dialect:
    """Look a dialect up.

    Raises:
        OptionError: if there is none of that name.
    """
    if name not in DIALECTS:
        raise OptionError("compat", unknown_name("dialect", name, DIALECTS))
    return DIALECTS[name]


def _memory(memory: MemoryConfig | str | Path | None) -> MemoryConfig:
    if memory is None:
        return MemoryConfig()
    return memory if isinstance(memory, MemoryConfig) else load_memory(memory)


def _comm_groups(groups: CommGroups | str | Path | None) -> CommGroups | None:
    if groups is None or isinstance(groups, CommGroups):
        return groups
    return load_comm_groups(groups)


def _trace(workload: Workload, npus: int) -> Trace:
    match workload:
        case Trace():
            if len(workload.npus) != npus:
                raise OptionError(
                    "workload", f"has {len(workload.npus)} NPUs, the network has {npus}"
                )
            return workload
        case TraceBuilder():
            return Trace.uniform(workload, npus)
        case _:
            return load_trace(workload, npus)


def _waits(process: NpuProcess) -> list[Wait]:
    """What an NPU waits for once nothing can happen: the nodes that are under way."""
    return [
        Wait(process.npu.npu, node.id, node.name, resource.name)
        for resource, node in process.running.items()
    ]
