"""From a text workload's characters to its layers.

Columns of a layer's line: name, dependency, and for each of forward, input gradient and weight
gradient a time, a collective and a size; then the time of the update. The dependency and the
update are read by no simulator and not here either. A HYBRID_CUSTOMIZED layer ends with its own
strategy. Blank lines are skipped wherever they stand. (docs/chakra.md 2.2.)
"""

from pathlib import Path

from simastra.file_content import ContentError, whole_content
from simastra.foreign import InputRole, foreign_problem

from .header import parse_header, strategy_named
from .text_error import TextError
from .words import Word, lines_of, whole_number
from .workload import Header, Layer, LayerExchange, LayerPass, Strategy, TextWorkload

_COLUMNS = 12
_OWN_STRATEGIES = (
    Strategy.DATA,
    Strategy.MODEL,
    Strategy.HYBRID_DATA_MODEL,
    Strategy.HYBRID_MODEL_DATA,
)
"""The strategies that a layer of a HYBRID_CUSTOMIZED workload may have."""


def read_workload(path: Path | str) -> TextWorkload:
    """Read a file.

    Raises:
        TextError: it can't be read, or is no text workload.
    """
    try:
        data = whole_content(path)
    except ContentError as error:
        raise TextError(f"{error}", source=path) from None
    try:
        return parse_workload(_decoded(data, path), path)
    except TextError as error:
        problem = foreign_problem(data, InputRole.TEXT, path)
        if problem is None:
            raise
        raise TextError(problem, source=path) from error


def _decoded(data: bytes, source: Path | str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = data[: error.start].decode("utf-8", "replace").split("\n")
        raise TextError(
            "this is not text in UTF-8, which a text workload is",
            source=source,
            line=len(lines),
            column=len(lines[-1]) + 1,
        ) from None


def parse_workload(text: str, source: Path | str) -> TextWorkload:
    """Read a text workload's content.

    Args:
        text: the content.
        source: what error messages call it; the file's name.

    Raises:
        TextError: it is no text workload.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = list(lines_of(text, str(source)))
    if not lines:
        raise TextError(
            "the file is empty; a text workload begins with its strategy, such as DATA",
            source=source,
            line=1,
        )
    header = parse_header(lines[0])
    if len(lines) == 1:
        raise TextError(
            "the second line is missing; it holds the number of layers",
            source=source,
            line=header.place.line + 1,
        )
    count, *more = lines[1]
    if more:
        raise more[0].error(f"unexpected {more[0].shown} behind the number of layers")
    layers = tuple(_layer(words, header) for words in lines[2:])
    if not layers:
        raise TextError(
            "there are no layers; one a line is wanted from here on",
            source=source,
            line=count.place.line + 1,
        )
    declared = whole_number(count, "the number of layers")
    return TextWorkload(str(source), text, header, declared, count.place, layers)


def _layer(words: list[Word], header: Header) -> Layer:
    customized = header.strategy is Strategy.HYBRID_CUSTOMIZED
    wanted = _COLUMNS + customized
    if len(words) < wanted:
        raise _too_short(words, header, wanted)
    return Layer(
        words[0].text,
        forward=_phase(words, "forward", 2),
        input_gradient=_phase(words, "input-gradient", 5),
        weight_gradient=_phase(words, "weight-gradient", 8),
        strategy=_own_strategy(words[_COLUMNS]) if customized else None,
    )


def _too_short(words: list[Word], header: Header, wanted: int) -> TextError:
    if len(words) == _COLUMNS:
        problem = f"{header.strategy} wants the layer's own strategy as column {wanted}"
    else:
        problem = (
            f"the layer's line ends after {len(words)} of {wanted} columns: name, dependency, then "
            "time, collective and size of forward, of input gradient and of weight gradient, and "
            "the time of the update"
        )
    last = words[-1]
    return TextError(
        problem,
        source=last.source,
        line=last.place.line,
        column=last.place.column + len(last.text),
    )


def _phase(words: list[Word], name: str, first: int) -> LayerPass:
    """The phase whose three columns begin with number `first`, from 0."""
    time, collective, size = words[first : first + 3]
    return LayerPass(
        whole_number(time, f"the {name} time"),
        LayerExchange(collective.text, whole_number(size, f"the {name} size"), collective.place),
    )


def _own_strategy(word: Word) -> Strategy:
    strategy = strategy_named(word)
    if strategy not in _OWN_STRATEGIES:
        raise word.error(
            f"{strategy} can't be one layer's strategy; {', '.join(_OWN_STRATEGIES)} can"
        )
    return strategy
