"""All checks of a simulation's inputs: what ASTRA-sim does in silence and few users mean.

What a notice concerns is counted, and told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.notices import Notice
from simastra.simulation.experiment import Experiment
from simastra.simulation.memberships import Memberships

from .collective_order import order_notices
from .collectives import collective_notices
from .configuration import configuration_notices, model_notices
from .context import Context
from .groups import GROUP_CHECKS, group_notices
from .messages import custom_message_notices, message_notices
from .node_check import NodeCheck, node_notices
from .nodes import NODE_CHECKS
from .reference.nodes import REFERENCE_CHECKS
from .reference.programs import reference_notices
from .reference.traffic import traffic_notices
from .teams import unlike_teams

if TYPE_CHECKING:
    from . import calibrated, step_annotations
else:  # most traces say nothing of the step, and few simulations are calibrated
    calibrated = deferred("simastra.simulation.checks.calibrated")
    step_annotations = deferred("simastra.simulation.checks.step_annotations")

_OWN_NODE_CHECKS: tuple[NodeCheck, ...] = (*NODE_CHECKS, *GROUP_CHECKS)
_NODE_CHECKS: tuple[NodeCheck, ...] = (*_OWN_NODE_CHECKS, *REFERENCE_CHECKS)


def check(experiment: Experiment) -> tuple[Notice, ...]:
    """All notices about a simulation's inputs, each once."""
    context = Context(experiment)
    if context.platform.prices is not None:
        return calibrated_check(context)
    is_for_astra_sim = not experiment.jobs  # which knows one workload
    found = chain(
        model_notices(context.platform),
        node_notices(context, _NODE_CHECKS if is_for_astra_sim else _OWN_NODE_CHECKS),
        _empty_trace_notices(context),
        message_notices(context),
        custom_message_notices(context.platform),
        _collective_notices(context),
        traffic_notices(context),
        group_notices(context),
        reference_notices(context) if is_for_astra_sim else (),
        configuration_notices(context),
        _annotation_notices(context),
    )
    return tuple(dict.fromkeys(found))


def calibrated_check(context: Context) -> tuple[Notice, ...]:
    """Those about what is calibrated: nothing of links and chunks, nor of what ASTRA-sim does."""
    platform = context.platform
    models = (platform.network, platform.memory, platform.comm_groups)
    found = chain(
        *(model.notices() for model in models if model),
        node_notices(context, _OWN_NODE_CHECKS),
        _empty_trace_notices(context),
        message_notices(context),
        _collective_notices(context),
        group_notices(context),
        _annotation_notices(context),
        calibrated.situation_notices(context),
    )
    return tuple(dict.fromkeys(found))


def _annotation_notices(context: Context) -> Iterator[Notice]:
    if context.experiment.trace.annotations or context.system.local_mem_capacity:
        yield from step_annotations.annotation_notices(context)


def _empty_trace_notices(context: Context) -> Iterator[Notice]:
    empty = [npu for npu, program in enumerate(context.programs) if not program.operations]
    if jobs := context.experiment.jobs:  # whoever has none has nothing to do
        busy = {npu for job in jobs for npu in job.placed.placement}
        empty = [npu for npu in empty if npu in busy]
    if empty:
        which = f"NPU {empty[0]} has" if len(empty) == 1 else f"{len(empty)} NPUs have"
        reads_them = context.rules.dialect.reads_empty_traces
        end = "" if reads_them else f"; {context.reference} ends with an exception"
        yield Notice(
            "empty-trace",
            context.source(empty[0]),
            f"{which} no nodes at all and nothing to do{end}",
            "look at what wrote the trace",
        )


def _collective_notices(context: Context) -> Iterator[Notice]:
    """That members ask for unlike collectives; if not, that they do so in different order."""
    if len(context.distinct) == 1 and context.platform.comm_groups is None:
        return  # all NPUs ask for the same, of all
    memberships = Memberships(context.platform)
    askings = (memberships.asking(npu, program) for npu, program in enumerate(context.programs))
    teams = list(unlike_teams(askings, memberships))
    unlike = list(collective_notices(context, memberships, teams))
    yield from unlike or order_notices(context, teams)
