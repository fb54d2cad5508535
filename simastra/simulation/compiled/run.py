"""Runs an experiment in the compiled loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simastra.jit.failed import CallFailedError
from simastra.shortcut_use import Shortcut
from simastra.simulation.checks.collective_order import disagreement
from simastra.simulation.collectives_of import collectives_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.outcome import ShortcutResult
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Communicator
from simastra.units import NpuId

from .installed import PLAY
from .layout import DONE, NO_ROOM, NO_WAY, SHORT
from .machine import Built, build
from .outcome import Nodes, finishes, links
from .rules import RULES

_MUCH_LARGER = 16


def run_compiled(experiment: Experiment, *, end_matters: bool) -> ShortcutResult:
    """Simulate every event.

    Args:
        experiment: what is simulated.
        end_matters: whether what is in doubt at the end is to be told, as the plain path does.

    Raises:
        Refused: if something isn't covered, if time ends, if the NPUs don't finish, or if
            something is in doubt at the end.
    """
    for rule in RULES:
        reason = rule(experiment)
        if reason is not None:
            raise Refused(reason, Shortcut.COMPILED)
    built = played(experiment)
    machine = built.machine
    if machine["state"][0]["finished"] < len(experiment.programs):
        raise Refused("not all NPUs finish", Shortcut.COMPILED)
    if end_matters:
        _check_end(experiment, built)
    nodes = Nodes(machine, experiment)
    return ShortcutResult(finishes(machine), nodes, links(built), order_is_known=True)


def played(experiment: Experiment) -> Built:
    """The machine when nothing is left to happen.

    Raises:
        Refused: if something isn't covered, or if time ends.
    """
    factor = 1
    while True:
        built = build(experiment)
        built.machine.grow(factor, all_of_them=True)
        try:
            while (why := PLAY(built.machine.address)) != DONE:
                if why == SHORT:
                    built.machine.grow(2)
        except CallFailedError:
            failure = built.machine["state"][0]["failure"]
            if failure == NO_WAY:
                raise built.asked.problem or AssertionError("it says why") from None
            if failure != NO_ROOM:
                raise Refused("time ends", Shortcut.COMPILED) from None
            factor *= _MUCH_LARGER  # a single call has left things half done
        else:
            return built


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an NPU has asked for: as `Npu` tells it."""

    npu: NpuId
    communicators: Mapping[int, Communicator]


def _check_end(experiment: Experiment, built: Built) -> None:
    if built.machine["state"][0]["early"]:
        raise Refused("messages are left that nobody has received", Shortcut.COMPILED)
    npus = range(experiment.platform.npus)
    if len(npus) == 1:  # with nobody to disagree with
        return
    asked = [_asked(experiment, built, npu) for npu in npus]
    if disagreement(experiment, asked) is not None:
        raise Refused("NPUs begin collectives in different order", Shortcut.COMPILED)


def _asked(experiment: Experiment, built: Built, npu: NpuId) -> _Asked:
    """What an NPU has asked for, in that order."""
    program = experiment.programs[npu]
    first = int(built.machine["npus"][npu]["first"])
    turns = built.machine["nodes"]["turn"]
    own = turns[first : first + len(program.operations)][program.collectives]
    kinds = collectives_of(program, experiment.platform.custom)
    communicators = built.communicators[npu]
    for place in np.argsort(own, kind="stable").tolist():
        collective = kinds.distinct[kinds.which[place]]
        communicators[collective.group].issued.append(collective)
    return _Asked(npu, communicators)
