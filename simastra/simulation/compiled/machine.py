"""From an experiment to the arrays that the loop works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from simastra.config import SchedulingPolicy
from simastra.memory import build_memory
from simastra.shortcut_use import Shortcut
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Communicator
from simastra.system.collective import running_per_queue
from simastra.system.endpoint import loggp
from simastra.system.shared_bus import inner_bus

from .arrays import Arrays, MachineArrays
from .asked_ways import AskedWays
from .layout import (
    BUS_SIDE,
    CALL,
    EXPLICIT,
    FIFO,
    HEAP,
    LIFO,
    LOGGP,
    NODE,
    NONE,
    NPU,
    QUEUE,
    RECEIVE,
    RESOURCES,
    RULES,
    SEND,
    SERVER,
    SIDES,
    STATE,
    TURNS,
    Records,
)
from .plan_tables import PlanTables
from .program_tables import ProgramTables
from .route_tables import RouteTables

_POLICIES = {
    SchedulingPolicy.LIFO: LIFO,
    SchedulingPolicy.FIFO: FIFO,
    SchedulingPolicy.EXPLICIT: EXPLICIT,
}
_CALLS_IN_PLACE = 64
"""More than can be waiting to be made in place at once."""

_RECORDS_PER_ACTION = 3
"""Of the pool of calls: when a message has left, when it is there, and who waits for one."""


@dataclass(frozen=True, slots=True)
class Built:
    """A machine for the loop, and what its numbers mean.

    Attributes:
        machine: the arrays, before anything has happened.
        routes: with the links.
        asked: answers for ways that depend on tags.
        communicators: of each NPU, by number of the process group.
    """

    machine: MachineArrays
    routes: RouteTables
    asked: AskedWays
    communicators: Sequence[dict[int, Communicator]]


def build(experiment: Experiment) -> Built:
    """Make the tables, by asking the plain path's own parts, and empty pools.

    Raises:
        Refused: if something isn't covered.
    """
    try:
        return _Builder(experiment).built()
    except OverflowError:
        raise Refused("a size, tag or time takes more than 63 bits", Shortcut.COMPILED) from None


class _Builder:
    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        platform = experiment.platform
        self._platform = platform
        tables = platform.options.tables
        self._memory = build_memory(platform.memory, platform.npus, tables.memories)
        self._programs = ProgramTables(experiment, self._memory)
        self._plans = PlanTables(experiment)
        made = platform.communicators()
        self._communicators = [made[npu] for npu in range(platform.npus)]

    def built(self) -> Built:
        npus = self._npus()
        routes = RouteTables(
            self._platform.topology, self._pairs(), queues_at_links=self._platform.queues_at_links
        )
        links, streams = routes.links(), self._streams()
        scores, plans = self._plans.scores, self._plans
        machine = MachineArrays(
            {
                **self._clock(),
                **npus,
                **streams,
                **self._buses(),
                **self._custom(npus["npus"]),
                "rules": self._rules(),
                "pair_starts": routes.starts,
                "pairs": routes.pairs,
                "routes": routes.routes(),
                "links": links,
                "links_used": np.zeros(len(links), np.int32),
                "scores": scores.scores,
                "arrivals": scores.arrivals,
                "steps": scores.steps,
                "actions": scores.actions,
                "rings": plans.rings,
                "members": plans.members,
            },
            self._room(),
        )
        return Built(machine, routes, AskedWays(machine, routes), self._communicators)

    def _room(self) -> int:
        """About as many records as a call may need of a pool: for an NPU's streams that begin."""
        at_once = self._platform.system.active_chunks_per_dimension
        actions = _RECORDS_PER_ACTION * min(self._plans.most_chunks, at_once)
        return max(actions * self._plans.scores.most_at_once, 2 * self._plans.most_chunks)

    def _clock(self) -> Arrays:
        state = np.zeros(1, STATE)
        state["tick"] = state["agenda"] = NONE
        return {"state": state, "stack": np.zeros(_CALLS_IN_PLACE, CALL)}

    def _rules(self) -> Records:
        platform = self._platform
        options, system = platform.options, platform.system
        rules = np.zeros(1, RULES)
        queues = options.queues_per_dimension
        rules["npus"] = platform.npus
        rules["dimensions"] = platform.network.dimensions
        rules["queues_per_dimension"] = queues
        rules["running_per_queue"] = running_per_queue(system, queues)
        rules["policy"] = _POLICIES[system.scheduling_policy]
        rules["queues_at_links"] = platform.queues_at_links
        rules["multipath"] = platform.topology.multipath
        rules["at_once"] = options.dialect.issues_freed_nodes_at_once
        rules["separate_tags"] = options.dialect.separate_tags
        rules["rendezvous"] = options.rendezvous
        rules["tag_offset"] = options.dialect.rendezvous_tag_offset
        return rules

    def _streams(self) -> Arrays:
        platform, plans = self._platform, self._plans
        queues = platform.options.queues_per_dimension
        lines = np.zeros(platform.npus * platform.network.dimensions * queues, QUEUE)
        lines["waiting"] = NONE
        turns = np.zeros(platform.npus * platform.network.dimensions, TURNS)
        turns["last"] = queues // 2
        return {
            "queues": lines,
            "turns": turns,
            "plans": plans.plans,
            "legs": plans.legs,
            "seats": plans.seats,
            "communicators": plans.communicators,
        }

    def _custom(self, npus: Records) -> Arrays:
        custom = self._plans.custom
        collectives = map(self._programs.collective_count, self._experiment.programs)
        progress, npus["progress"], blocked = custom.progress(list(collectives))
        return {
            "ets": custom.ets,
            "et_nodes": custom.nodes,
            "et_children": custom.children,
            "progress": progress,
            "blocked": blocked,
        }

    def _buses(self) -> Arrays:
        outer = loggp(self._platform.system)
        buses = np.array([astuple(outer), astuple(inner_bus(outer))], LOGGP)
        sides = np.zeros(self._platform.npus * SIDES, BUS_SIDE)
        for waiting in ("sends", "receives", "processing"):
            sides[waiting] = NONE
        return {"buses": buses, "sides": sides}

    def _npus(self) -> Arrays:
        """Of each NPU its nodes, its ready nodes and its plans."""
        programs = self._experiment.programs
        sizes = [len(program.operations) for program in programs]
        npus = np.zeros(len(programs), NPU)
        npus["first"] = np.cumsum([0, *sizes])[:-1]
        npus["left"] = sizes
        npus["program"] = list(map(self._programs.first, programs))
        npus["server"] = [self._programs.server(npu) for npu in range(len(programs))]
        npus["plans"] = self._add_plans()
        nodes = np.zeros(sum(sizes), NODE)
        blocked = [np.frombuffer(it.graph.parents, np.int32) for it in programs if it.operations]
        nodes["blocked"] = np.concatenate([np.zeros(0, np.int32), *blocked])
        needed = {id(program): self._programs.needed(program) for program in programs}
        heaps = np.zeros(len(programs) * RESOURCES, HEAP)
        counts = [it for program in programs for it in needed[id(program)]]
        heaps["first"] = np.cumsum([0, *counts])[:-1]
        servers = np.zeros(max([0, *npus["server"]]) + 1, SERVER)
        servers["waiting"] = NONE
        return {
            "npus": npus,
            "nodes": nodes,
            "order": np.zeros(len(nodes), np.int32),
            "heaps": heaps,
            "ready": np.zeros(len(nodes), np.int32),
            "freed": np.zeros(max([0, *sizes]), np.int32),
            "operations": self._programs.operations,
            "children": self._programs.children,
            "finishes": np.zeros(len(programs), np.int32),
            "servers": servers,
        }

    def _add_plans(self) -> list[int]:
        """The plans of all NPUs, and where those of each begin."""
        first = []
        so_far = 0
        for npu, program in enumerate(self._experiment.programs):
            first.append(so_far)
            for collective, _ in self._programs.collectives[id(program)]:
                self._plans.add(self._communicators[npu][collective.group], npu, collective)
                so_far += 1
        return first

    def _pairs(self) -> NDArray[np.int64]:
        """All pairs of NPUs that exchange messages, once each."""
        npus = self._platform.npus
        found = [np.zeros(0, np.int64), *self._plans.pairs(npus), *self._own_pairs()]
        pairs = _distinct(np.concatenate(found))
        if self._platform.options.rendezvous:
            senders, receivers = np.divmod(pairs, npus)
            pairs = _distinct(np.concatenate([pairs, receivers * npus + senders]))
        return pairs

    def _own_pairs(self) -> list[NDArray[np.int64]]:
        """Those of sends and receives of traces."""
        npus = self._platform.npus
        operations = self._programs.operations
        pairs = []
        for npu, program in enumerate(self._experiment.programs):
            first = self._programs.first(program)
            own = operations[first : first + len(program.operations)]
            others = own["other"].astype(np.int64)
            pairs.append(npu * npus + others[own["kind"] == SEND])
            pairs.append(others[own["kind"] == RECEIVE] * npus + npu)
        return pairs


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each once, ascending; `np.unique` takes longer."""
    numbers = np.sort(numbers)
    return numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]
