"""The run without time, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from simastra.engine import Environment, Probe, ProbeFan
from simastra.errors import DeadlockError
from simastra.gc_policy import collector_paused
from simastra.network import Mailbox, RendezvousMailbox
from simastra.simulation import wait_for_graph
from simastra.simulation.event_count import MODERATE_EVENTS, event_count
from simastra.simulation.experiment import Experiment
from simastra.simulation.machine import Machine, have_finished
from simastra.simulation.memberships import Memberships
from simastra.workload import NpuProcess

from .certainty import (
    are_apart,
    are_settled,
    has_one_phase_each,
    is_short_of_collectives,
    is_short_of_sends,
    tags_meet,
)
from .meetings import UntimedMeetings
from .npu import MessagingNpu, UntimedNetwork, UntimedNpu


def certain_deadlock(experiment: Experiment) -> DeadlockError | None:
    """Who waits for whom where no run can finish, whatever anything takes; None where one may.

    Nodes are issued as in a run, and end as soon as they can. So it finds each standstill that the
    order of nodes decides, and takes next to no time: a collective is a single step. Its messages
    are played only where members have begun different ones, of which some could be taken for each
    other's. It doesn't find what the timing decides, nor circles among the chunks of a collective.

    Args:
        experiment: what would be simulated.
    """
    meetings = UntimedMeetings(Environment(), experiment.platform, Memberships(experiment.platform))
    end = _end(experiment, meetings)
    if have_finished(end.processes):
        return None
    if not experiment.rules.dialect.separate_tags and tags_meet(experiment, meetings):
        return None
    if is_short_of_sends(experiment) or is_short_of_collectives(experiment):
        return end.deadlock()
    if not are_apart(meetings, experiment):
        if experiment.platform.prices is not None:  # an error of the run, and no standstill
            return None
        if (
            not has_one_phase_each(meetings, experiment)
            or event_count(experiment) > MODERATE_EVENTS
        ):
            return None
        end = _end(experiment)
    is_certain = not have_finished(end.processes) and are_settled(experiment, end.processes)
    return end.deadlock() if is_certain else None


@dataclass(frozen=True, slots=True)
class _End:
    """Where a run without time has come to."""

    env: Environment
    mailbox: Mailbox
    processes: Sequence[NpuProcess]
    memberships: Memberships

    def deadlock(self) -> DeadlockError:
        """Who waits for whom."""
        standing = wait_for_graph.situation(
            self.processes, self.mailbox, self.env, self.memberships
        )
        found = wait_for_graph.deadlock(standing)
        return DeadlockError(found.waits, found.cycle, found.unfinished, None, found.remarks)


def _end(experiment: Experiment, meetings: UntimedMeetings | None = None) -> _End:
    """Run without time, with the messages of collectives where they have no `meetings`."""
    platform, dialect = experiment.platform, experiment.rules.dialect
    env = Environment() if meetings is None else meetings.env
    memberships = Memberships(platform) if meetings is None else meetings.memberships
    probe = ProbeFan.of(Probe())
    network = UntimedNetwork(env)
    mailbox = (
        RendezvousMailbox(env, network, dialect.rendezvous_tag_offset, probe)
        if platform.options.rendezvous
        else Mailbox(env, network, probe)
    )
    machine = Machine(env, platform, mailbox)
    make = MessagingNpu if meetings is None else partial(UntimedNpu, meetings=meetings)
    processes = tuple(
        NpuProcess(machine.npu(npu, make), program, dialect, probe)
        for npu, program in enumerate(experiment.programs)
    )
    for process in processes:
        env.process(process.walk())
    with collector_paused():
        env.run()
    return _End(env, mailbox, processes, memberships)
