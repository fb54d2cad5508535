"""Inputs as paths or as models: whichever is given, a validated model comes out."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

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
from simastra.deferred import deferred
from simastra.errors import ArgumentError, ConfigError, OptionError
from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.reading import is_reference
from simastra.trace import (
    Trace,
    TraceBuilder,
    TraceFiles,
    expect_traces,
    load_trace,
    surplus_files,
)

from .options import Options

if TYPE_CHECKING:
    from simastra import machines
else:  # most simulations have files
    machines = deferred("simastra.machines")

Workload: TypeAlias = str | Path | TraceFiles | Trace | TraceBuilder
"""A prefix of ET files (``PREFIX.<npu>.et``), which may be watched as they are loaded, a trace in
memory, or a builder for all NPUs."""


@dataclass(frozen=True, slots=True)
class UniformTrace:
    """What all NPUs do, as a builder had it when a simulation was made of it.

    Attributes:
        trace: for some number of NPUs.
    """

    trace: Trace

    def of(self, npus: int) -> Trace:
        """The same for another number of NPUs."""
        if npus == len(self.trace.npus):
            return self.trace
        made = Trace.uniform(self.trace.npus[0], npus)
        return replace(made, annotations=self.trace.annotations[:1] * npus)


def files_given(
    workload: object, trace: Trace, configurations: Iterable[object]
) -> tuple[str | Path, ...]:
    """Names of the files that inputs were given as; none for those given as models.

    Args:
        workload: what each NPU does, as it was given.
        trace: the same, as it was read.
        configurations: whatever else was given.
    """
    traces = trace.sources if isinstance(workload, str | Path | TraceFiles) else ()
    files = (it for it in configurations if isinstance(it, str | Path) and not is_reference(it))
    return (*files, *traces)


def read_platform(
    system: SystemConfig | str | Path | None,
    network: NetworkConfig | str | Path | None,
    usual: SystemConfig | None = None,
) -> tuple[SystemConfig, NetworkConfig]:
    """The system and the network configuration: models, files, or machines such as ``@hgx-h100``.

    A machine's system is for as many dimensions as the network has.

    Args:
        system: the system.
        network: the network.
        usual: the system where none is given; None where one has to be.

    Raises:
        InputError: if one can't be read or is wrong, or there is no such machine.
    """
    read = read_network(network)
    if system is None and usual is not None:
        return usual, read
    return read_system(system, read.dimensions), read


def read_system(system: object, dimensions: int) -> SystemConfig:
    """The system configuration, as of `read_platform`, for a network of so many dimensions.

    Raises:
        InputError: if it can't be read or is wrong, or there is no such machine.
    """
    match system:
        case SystemConfig():
            return system
        case str() if is_reference(system):
            named = machines.machine(system, option="system", shape_matters=False)
            return named.system_for(dimensions)
        case str() | Path():
            with _recognising_machines(system):
                return load_system(system)
        case _:
            raise _of_another_type("system", SystemConfig, system)


def read_network(network: object) -> NetworkConfig:
    """The network configuration: a model, a file, or a machine such as ``@hgx-h100:8x4``.

    Raises:
        InputError: if it can't be read or is wrong, or there is no such machine.
    """
    match network:
        case NetworkConfig():
            return network
        case str() if is_reference(network):
            return machines.machine(network, option="network").network
        case str() | Path():
            with _recognising_machines(network):
                return load_network(network)
        case _:
            raise _of_another_type("network", NetworkConfig, network)


def _of_another_type(argument: str, model: type, given: object) -> ArgumentError:
    is_misplaced = isinstance(given, SystemConfig | NetworkConfig | MemoryConfig | CommGroups)
    hint = _ORDER if is_misplaced else ""
    if given is None and model is SystemConfig:
        hint = "only with a calibration it may be left out: Simulation(..., calibration=...)"
    wanted = f"a {model.__name__}, or the path of its file"
    return ArgumentError(argument, wanted, given, hint)


_ORDER = "the order is Simulation(workload, system, network, memory, comm_groups=..., options=...)"


@contextmanager
def _recognising_machines(given: str | Path) -> Iterator[None]:
    """Say of a file that isn't there that a machine is called so, if one is."""
    try:
        yield
    except ConfigError as error:
        if Path(given).exists() or str(given).partition(":")[0] not in machines.names():
            raise
        problem = f"{error.problem}; the machine is @{given}"
        raise ConfigError(problem, source=error.source, key=error.key) from None


def read_memory(memory: object) -> MemoryConfig:
    """The remote-memory configuration: no remote memory, if nothing is given.

    Raises:
        InputError: if it can't be read or is wrong, or a machine is named, of which none has any.
    """
    match memory:
        case None:
            return MemoryConfig()
        case MemoryConfig():
            return memory
        case str() if is_reference(memory):
            text = f"{memory} has no remote memory, like all machines; leave it out, or name a file"
            raise OptionError("memory", text)
        case str() | Path():
            return load_memory(memory)
        case _:
            raise _of_another_type("memory", MemoryConfig, memory)


def read_comm_groups(groups: object) -> CommGroups | None:
    """The process groups, None if there are none."""
    match groups:
        case None | CommGroups():
            return groups
        case str() | Path():
            return load_comm_groups(groups)
        case _:
            raise _of_another_type("comm_groups", CommGroups, groups)


def checked_options(options: object) -> Options:
    """The options, those by default if none are given.

    Raises:
        ArgumentError: if it is something else.
    """
    match options:
        case None:
            return Options()
        case Options():
            return options
        case _:
            hint = 'write Options(shortcuts="off"), for instance'
            raise ArgumentError("options", "an Options", options, hint)


def expect_workload(workload: object, npus: int) -> None:
    """Check that there are as many trace files as the network has NPUs, if files are given.

    Raises:
        TraceError: if one is missing.
    """
    match workload:
        case TraceFiles():
            workload.expect(npus)
        case str() | Path():
            expect_traces(workload, npus)
        case _:
            pass


def read_trace(workload: object, npus: int, *, on_demand: bool = True) -> Trace:
    """The trace of `npus` NPUs.

    Args:
        workload: what it is, or what it is made of.
        npus: how many there are.
        on_demand: as of `load_trace`, for what is loaded.

    Raises:
        TraceError: if it can't be read.
        OptionError: if it is of another number of NPUs, or no `Workload` at all.
    """
    match workload:
        case Trace():
            if len(workload.npus) != npus:
                raise OptionError(
                    "workload-configuration",
                    f"the trace has {len(workload.npus)} NPUs, the network has {npus}",
                )
            return workload
        case TraceBuilder():
            return Trace.uniform(workload, npus)
        case UniformTrace():
            return workload.of(npus)
        case TraceFiles():
            return workload.load(npus, on_demand=on_demand)
        case str() | Path():
            return load_trace(workload, npus, on_demand=on_demand)
        case _:
            wanted = "the prefix of trace files, a Trace or a TraceBuilder"
            raise ArgumentError("workload", wanted, workload, _workload_hint(workload))


def _workload_hint(workload: object) -> str:
    match workload:
        case SystemConfig() | NetworkConfig():
            return _ORDER
        case [TraceBuilder(), *_]:
            return (
                "Trace.of(builders) makes one of a builder for each NPU; a single TraceBuilder "
                "stands for all NPUs"
            )
        case _:
            return ""


SURPLUS = "surplus-traces"


def surplus_notices(workload: object, npus: int) -> tuple[Notice, ...]:
    """Say that a trace has files for more NPUs than the network has, which nobody reads."""
    if not isinstance(workload, str | Path | TraceFiles):
        return ()
    if isinstance(workload, TraceFiles) and workload.replicate is not None:
        return ()  # one file is all that is wanted
    prefix = workload.prefix if isinstance(workload, TraceFiles) else workload
    surplus = surplus_files(prefix, npus)
    if not surplus:
        return ()
    which = surplus[0] if len(surplus) == 1 else f"{surplus[0]} to {surplus[-1]}"
    count = "1 more file" if len(surplus) == 1 else f"{len(surplus)} more files"
    return (
        Notice(
            SURPLUS,
            str(prefix),
            f"the trace has {count} than the network has NPUs, {npus}; {which} "
            f"{'is' if len(surplus) == 1 else 'are'} not simulated",
            "give the network as many NPUs as there are files, or use a trace of its own",
        ),
    )
