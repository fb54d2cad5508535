"""The machine that one run happens on: NPUs, network and memory, with a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.engine import Environment, Probe, ProbeFan, Turns
from simastra.memory import build_memory
from simastra.network import Mailbox, Network, RendezvousMailbox, Topology
from simastra.system import MakeNpu, Npu, NpuSetup
from simastra.system.switches import Switches
from simastra.system.tags import Tags
from simastra.units import NpuId
from simastra.workload import NpuProcess

from .experiment import Experiment
from .platform import Platform

if TYPE_CHECKING:
    from simastra.network.link_events import LinkEvents
    from simastra.system import priced_collectives
    from simastra.system.priced_collectives import Meetings

    from .what_if import held
else:  # for what is calibrated, and for scenarios
    priced_collectives = deferred("simastra.system.priced_collectives")
    held = deferred("simastra.simulation.what_if.held")


class Machine:
    """NPUs, network and memory.

    Args:
        env: the environment.
        platform: what is built.
        mailbox: the network, with matching.
        group_numbers: for process groups, other numbers to tag their messages by.
        meetings: makes, of where members of priced collectives meet, where they do instead.
    """

    def __init__(
        self,
        env: Environment,
        platform: Platform,
        mailbox: Mailbox,
        group_numbers: Mapping[int, int] | None = None,
        meetings: Callable[[Meetings], Meetings] | None = None,
    ) -> None:
        options, network = platform.options, platform.network
        usual = _meetings(env, platform, mailbox)
        if meetings is not None and usual is not None:
            usual = meetings(usual)
        self._communicators = platform.communicators(group_numbers)
        self._own_systems = platform.own_systems
        self._setup = NpuSetup(
            env,
            platform.system,
            mailbox,
            build_memory(platform.memory, network.npus, options.tables.memories),
            Switches(mailbox, Tags(separate=options.dialect.separate_tags)),
            npus=network.npus,
            dimensions=network.dimensions,
            custom=platform.custom,
            dialect=options.dialect,
            queues_per_dimension=options.queues_per_dimension,
            injection_scale=options.injection_scale,
            meetings=usual,
        )

    def npu(self, npu: NpuId, make: MakeNpu = Npu) -> Npu:
        """Make the units of an NPU."""
        own, setup = self._own_systems.get(npu), self._setup
        if own is not None:
            setup = replace(setup, system=own)
        return make(npu, setup, self._communicators[npu])


def _meetings(env: Environment, platform: Platform, mailbox: Mailbox) -> Meetings | None:
    """Where members of collectives meet, if collectives are priced."""
    if platform.prices is None:
        return None
    return priced_collectives.Meetings(env, platform.prices, mailbox.probe)


def plain_mailbox(
    platform: Platform, env: Environment, probe: ProbeFan, events: LinkEvents | None = None
) -> Mailbox:
    """The network that the configuration describes, with matching; links change as events say."""
    options = platform.options
    network = build_network(platform, env, probe, events=events)
    if options.rendezvous:
        return RendezvousMailbox(env, network, options.dialect.rendezvous_tag_offset, probe)
    return Mailbox(env, network, probe)


def build_network(
    platform: Platform,
    env: Environment,
    probe: Probe,
    topology: Topology | None = None,
    events: LinkEvents | None = None,
) -> Network:
    """The network that the configuration describes; with another topology, if one is given."""
    topology = platform.topology if topology is None else topology
    told = platform.backend_options, platform.prices
    return platform.backend.build(env, topology, probe, *told, events)


def start_processes(
    experiment: Experiment, env: Environment, mailbox: Mailbox, probe: ProbeFan
) -> tuple[NpuProcess, ...]:
    """Build the machine, and start every NPU's process on it, in order of the NPUs."""
    machine = Machine(env, experiment.platform, mailbox)
    make = _usual if experiment.scenario is None else held.makers(experiment.scenario)
    dialect = experiment.platform.options.dialect
    turns = None if experiment.platform.prices is None else Turns(env)
    processes = tuple(
        NpuProcess(machine.npu(npu, make(npu)), program, dialect, probe, turns)
        for npu, program in enumerate(experiment.programs)
    )
    for process in processes:
        env.process(process.walk())
    return processes


def _usual(_npu: NpuId) -> MakeNpu:
    return Npu


def have_finished(processes: Iterable[NpuProcess]) -> bool:
    """Whether all of these NPUs have come to their ends."""
    return all(process.finish_time is not None for process in processes)
