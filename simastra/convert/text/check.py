"""Whether what a text workload says makes sense, taken together and with the dialect."""

from .dlrm import ALL_TO_ALL
from .options import SIMASTRA, TextDialect
from .step_graph import BROADCAST, NONE, collective_named
from .text_error import TextError
from .workload import Header, Strategy, TextWorkload

_COUNT_UNUSED = (
    Strategy.MICRO,
    Strategy.DATA,
    Strategy.HYBRID_DLRM,
    Strategy.HYBRID_DLRM_ENHANCED,
)
"""The strategies in which Chakra's converter doesn't heed the number of layers."""


def check_workload(workload: TextWorkload, dialect: TextDialect) -> None:
    """Check all that isn't a matter of single words.

    Raises:
        TextError: the dialect doesn't take the strategy; the number of layers is another than the
            second line says; a layer's index is none; a collective is unknown, where the dialect
            is ours; or layer 0 lacks what HYBRID_DLRM waits for, where it is Chakra's.
    """
    strategy = workload.header.strategy
    if strategy not in dialect.strategies:
        raise _at_header(
            workload,
            f"no Chakra converter takes {strategy}, and dialect {dialect.name} does as Chakra's; "
            f"use dialect {SIMASTRA.name}",
        )
    _check_count(workload, dialect)
    _check_indices(workload, dialect)
    in_groups = workload.header.parallelism is not None
    if dialect.as_meant:
        for layer in workload.layers:
            for phase in layer.phases:
                if phase.exchange.word not in (NONE, BROADCAST):
                    collective_named(phase.exchange, workload.source, in_groups=in_groups)
    elif strategy in (Strategy.HYBRID_DLRM, Strategy.HYBRID_DLRM_ENHANCED):
        _check_as_chakra(workload, dialect)


def _check_count(workload: TextWorkload, dialect: TextDialect) -> None:
    declared, found = workload.declared_layers, len(workload.layers)
    unused = workload.header.strategy in _COUNT_UNUSED and not dialect.as_meant
    if declared != found and not unused:
        raise TextError(
            f"{_layers(declared)} announced, and {found} follow; make the number {found}, or "
            f"{'add' if declared > found else 'remove'} {abs(declared - found)} below",
            source=workload.source,
            line=workload.declared_at.line,
            column=workload.declared_at.column,
        )


def _check_indices(workload: TextWorkload, dialect: TextDialect) -> None:
    header, count = workload.header, len(workload.layers)
    named = [(f"{kind} names layer", index) for kind, index in _indices(header)]
    if header.last_bottom_layer is not None and dialect.as_meant:
        named.append(("the last bottom layer is", header.last_bottom_layer))
    for what, index in named:
        if index >= count:
            raise _at_header(
                workload, f"{what} {index}; layers count from 0, and the last is {count - 1}"
            )
    for index in header.initiates:
        if not any(checkpoint <= index for checkpoint in header.checkpoints):
            raise _at_header(
                workload,
                f"layer {index} is to run the forward pass again from a checkpoint, and none is at "
                "or before it; name an earlier layer among checkpoints",
            )


def _indices(header: Header) -> list[tuple[str, int]]:
    return [("checkpoints", index) for index in header.checkpoints] + [
        ("checkpoint_initiates", index) for index in header.initiates
    ]


def _check_as_chakra(workload: TextWorkload, dialect: TextDialect) -> None:
    last_bottom = workload.header.last_bottom_layer
    if last_bottom is None or last_bottom >= len(workload.layers):
        return
    if last_bottom == 0:
        raise _at_header(
            workload,
            "layer 0 can't be the last bottom layer: it would wait for its own collective, and "
            f"Chakra's converter fails; name another, or use dialect {SIMASTRA.name}",
        )
    exchange = workload.layers[0].forward.exchange
    if exchange.word != ALL_TO_ALL:
        raise TextError(
            f"layer 0's forward collective is {exchange.word[:60]!r}, and Chakra's converter, as "
            f"which dialect {dialect.name} does, wants {ALL_TO_ALL}; or use dialect "
            f"{SIMASTRA.name}",
            source=workload.source,
            line=exchange.place.line,
            column=exchange.place.column,
        )


def _layers(count: int) -> str:
    return "1 layer is" if count == 1 else f"{count} layers are"


def _at_header(workload: TextWorkload, problem: str) -> TextError:
    place = workload.header.place
    return TextError(problem, source=workload.source, line=place.line, column=place.column)
