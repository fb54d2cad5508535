"""The run without time, and what comes of it."""

from __future__ import annotations

from functools import partial

from simastra.engine import Environment, Probe, ProbeFan
from simastra.errors import DeadlockError
from simastra.gc_policy import collector_paused
from simastra.network import Mailbox, RendezvousMailbox
from simastra.simulation import wait_for_graph
from simastra.simulation.machine import Machine, have_finished
from simastra.simulation.memberships import Memberships
from simastra.simulation.scenario import Scenario
from simastra.workload import NpuProcess

from .certainty import is_certain
from .meetings import Meetings
from .npu import UntimedNetwork, UntimedNpu


def certain_deadlock(scenario: Scenario) -> DeadlockError | None:
    """Who waits for whom where no run can finish, whatever anything takes; None where one may.

    Nodes are issued as in a run, and end as soon as they can. So it finds each standstill that the
    order of nodes decides, and takes next to no time: a collective is a single step. It doesn't
    find those that the timing decides, nor those among the chunks of a collective.

    Args:
        scenario: what would be simulated.
    """
    platform, dialect = scenario.platform, scenario.rules.dialect
    env, probe = Environment(), ProbeFan.of(Probe())
    network = UntimedNetwork(env)
    mailbox = (
        RendezvousMailbox(env, network, dialect.rendezvous_tag_offset, probe)
        if platform.options.rendezvous
        else Mailbox(env, network, probe)
    )
    memberships = Memberships(platform)
    meetings = Meetings(env, platform, memberships)
    machine = Machine(env, platform, mailbox)
    processes = tuple(
        NpuProcess(
            machine.npu(npu, partial(UntimedNpu, meetings=meetings)), program, dialect, probe
        )
        for npu, program in enumerate(scenario.programs)
    )
    for process in processes:
        env.process(process.walk())
    with collector_paused():
        env.run()
    if have_finished(processes) or not is_certain(scenario, processes, meetings):
        return None
    found = wait_for_graph.deadlock(wait_for_graph.situation(processes, mailbox, env, memberships))
    return DeadlockError(found.waits, found.cycle, found.unfinished, None, found.remarks)
