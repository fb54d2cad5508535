"""Whether something happens in the nanosecond in which a simulation begins.

ASTRA-sim ends with a failed assertion then: its first event may not be at 0 ns (behaviour 7.1 #1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.deferred import deferred
from simastra.simulation.checks.context import Context
from simastra.simulation.platform import Platform
from simastra.system.endpoint import fixed_delay
from simastra.units import NpuId
from simastra.workload import (
    Collective,
    MemoryOperation,
    Operation,
    Program,
    RooflineOperation,
    SendOperation,
)
from simastra.workload.order import begun_at_start

from .program_check import Problem

if TYPE_CHECKING:
    from simastra.system import shared_bus
else:  # few NPUs have one
    shared_bus = deferred("simastra.system.shared_bus")


def happening_at_0(npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That no event may happen at 0 ns (7.1 #1)."""
    for index in begun_at_start(program, context.rules.dialect):
        reason = _happens_at_once(npu, program.operations[index], context)
        if reason:
            node = program.graph.nodes[index]
            yield (
                node,
                f"{node.name!r} makes something happen at 0 ns, since {reason}; "
                f"{context.reference} ends with a failed assertion then",
            )


def _happens_at_once(npu: NpuId, operation: Operation, context: Context) -> str | None:
    """Why a node that is begun at 0 ns makes something happen there, None if it doesn't."""
    match operation:
        case Collective():
            at_once, why = (
                _endpoint_is_passed(npu, operation, context),
                "a packet passes the endpoint in no time",
            )
        case SendOperation():
            at_once, why = _is_sent(npu, operation, context), "its message takes no nanosecond"
        case RooflineOperation(num_ops, tensor_size):
            at_once = not context.platform.roofline_duration(num_ops, tensor_size)
            why = "it takes no time by the roofline"
        case MemoryOperation(size):
            memory = context.platform.memory
            sent = not memory.remote_mem_bw or size < memory.remote_mem_bw
            at_once = sent and not memory.remote_mem_latency
            why = "remote memory takes no time"
        case _:
            return None
    return why if at_once else None


def _endpoint_is_passed(npu: NpuId, operation: Collective, context: Context) -> bool:
    platform, system = context.platform, context.system
    if len(platform.members(npu, operation.group)) < platform.npus:
        return False
    if not system.model_shared_bus:
        return not fixed_delay(system, platform.options.injection_scale)
    # Everything goes over the inner bus first, which is free again when it has the last byte.
    return not int(system.loggp_overhead + _first_packet(npu, operation, platform))


def _first_packet(npu: NpuId, operation: Collective, platform: Platform) -> float:
    """How long the first packet is on the inner bus, in ns; 1 where there is none."""
    if operation.kind in EXTENDED_COLLECTIVES:
        return 1.0
    for first in platform.phases(npu, operation):
        sizes = first.algorithm.message_sizes(first.collective, first.size, len(first.ring))
        return (sizes.smallest - 1) * shared_bus.INNER_GAP_PER_BYTE
    return 1.0


def _is_sent(npu: NpuId, operation: SendOperation, context: Context) -> bool:
    platform = context.platform
    hops = platform.topology.hops(npu, operation.dst)
    if platform.options.rendezvous or not hops:
        return False
    link = hops[0].link
    sent, _ = link[operation.size]
    return not sent and (platform.queues_at_links or not link.latency)
