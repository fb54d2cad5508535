"""Which operator of the device trace is which of the host trace.

By "record function id" where the traces have it, by the order of names where they don't.
(docs/chakra.md 2.4, step 8, and 2.9.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from simastra.convert.link.align import AlignedStep, align
from simastra.convert.link.events import CpuOp
from simastra.convert.link.host import HostOp, HostTrace
from simastra.convert.link.kineto import DeviceTrace


class Method(StrEnum):
    """How operators were recognised."""

    RECORD_FUNCTION_ID = "record function id"
    NAMES = "order of names"


@dataclass(frozen=True, slots=True)
class Matching:
    """Operators that both traces have.

    Attributes:
        method: how they were recognised.
        cpu_ops: id of a host operator to what it is in the device trace; no two to the same,
            unless they are matched as by Chakra.
        misnamed: host operators whose record function id is another operator's on the device;
            Chakra's linker takes them for the same.
    """

    method: Method
    cpu_ops: dict[int, CpuOp]
    misnamed: int


def match_operators(host: HostTrace, device: DeviceTrace) -> Matching:
    """Match the operators of two traces.

    Names are tried where record function ids match fewer than half of the operators: old traces
    have none, and those of two recordings may start from different numbers.
    """
    operators = host.operators
    by_id = _by_record_function_id(operators, device.cpu_ops)
    if 2 * len(by_id.cpu_ops) >= len(operators):
        return by_id
    by_name = _by_name(operators, device.cpu_ops)
    return by_name if len(by_name.cpu_ops) > len(by_id.cpu_ops) else by_id


def _by_record_function_id(operators: Iterable[HostOp], cpu_ops: Iterable[CpuOp]) -> Matching:
    # Of several events with one id, the last counts, as for Chakra.
    known: dict[tuple[int | None, str], CpuOp] = {
        (op.rf_id, op.name): op for op in cpu_ops if op.rf_id is not None
    }
    ids = {rf_id for rf_id, _ in known}
    matched: dict[int, CpuOp] = {}
    misnamed = 0
    for op in operators:
        # Taken away, so that what it launched is never linked twice.
        cpu_op = known.pop((op.rf_id, op.name), None)
        if cpu_op is not None:
            matched[op.id] = cpu_op
        elif op.rf_id in ids:
            misnamed += 1
    return Matching(Method.RECORD_FUNCTION_ID, matched, misnamed)


def _by_name(operators: list[HostOp], cpu_ops: tuple[CpuOp, ...]) -> Matching:
    # PyTorch numbers its nodes as they begin: order of id is order of start.
    pairs = align(
        [AlignedStep(op.name, op.sequence) for op in operators],
        [AlignedStep(op.name, op.sequence) for op in cpu_ops],
    )
    matched = {operators[pair.host].id: cpu_ops[pair.device] for pair in pairs}
    return Matching(Method.NAMES, matched, misnamed=0)
