"""The first line of a text workload: the strategy and what belongs to it."""

from dataclasses import replace

from simastra.suggestions import unknown_name

from .text_error import TextError
from .words import Word, whole_number
from .workload import Header, SimaiParallelism, Strategy

_GROUP = "model_parallel_NPU_group:"
_CHECKPOINTS = "checkpoints:"
_INITIATES = "checkpoint_initiates:"

_KEYS = {
    Strategy.HYBRID_TRANSFORMER: (_GROUP,),
    Strategy.HYBRID_TRANSFORMER_FWD_IN_BCKWD: (_GROUP, _CHECKPOINTS, _INITIATES),
}
"""What the first line must give by name."""

_EP, _PP, _NPUS, _STAGE = "ep:", "pp:", "all_gpus:", "pp_comm:"
_SIMAI = (_EP, _PP, "vpp:", "ga:", _NPUS, _STAGE)
"""What it may give besides in SimAI's form; ``pp_comm`` stands there without a colon too.

The layers hold the micro-batches (``ga``) of all of a stage's pieces (``vpp``) already.
"""


def parse_header(words: list[Word]) -> Header:
    """Read the first line's words, of which there are some.

    Raises:
        TextError: the strategy is unknown, or something that it needs is missing or wrong.
    """
    first, *rest = words
    strategy = strategy_named(first)
    match strategy:
        case Strategy.HYBRID_DLRM | Strategy.HYBRID_DLRM_ENHANCED:
            if not rest:
                raise first.error(
                    f"{strategy} needs the index of the last bottom layer behind it, "
                    f"as in: {strategy} 4"
                )
            _refuse(rest[1:], strategy)
            last = whole_number(rest[0], "the last bottom layer")
            return Header(strategy, first.place, last_bottom_layer=last)
        case Strategy.HYBRID_TRANSFORMER | Strategy.HYBRID_TRANSFORMER_FWD_IN_BCKWD:
            return _with_keys(strategy, first, rest)
        case _:
            _refuse(rest, strategy)
            return Header(strategy, first.place)


def strategy_named(word: Word) -> Strategy:
    """Return the strategy that a word names.

    Raises:
        TextError: there is none of that name.
    """
    try:
        return Strategy(word.text)
    except ValueError:
        shown = word.text[:60]
        raise word.error(
            unknown_name("strategy", shown, [each.value for each in Strategy])
        ) from None


def _refuse(words: list[Word], strategy: Strategy) -> None:
    if words:
        raise words[0].error(f"unexpected {words[0].shown} behind {strategy}; leave it out")


def _with_keys(strategy: Strategy, first: Word, rest: list[Word]) -> Header:
    values = _by_key(list(map(_with_colon, rest)), (*_KEYS[strategy], *_SIMAI))
    missing = [key for key in _KEYS[strategy] if key not in values]
    if missing:
        example = {_GROUP: "4", _CHECKPOINTS: "2 0 8", _INITIATES: "2 15 7"}
        raise first.error(
            f"{strategy} needs {missing[0]} behind it, as in: {strategy} "
            + " ".join(f"{key} {example[key]}" for key in _KEYS[strategy])
        )
    return Header(
        strategy,
        first.place,
        model_group=_group(values[_GROUP]),
        checkpoints=_listed(values[_CHECKPOINTS]) if _CHECKPOINTS in values else (),
        initiates=_listed(values[_INITIATES]) if _INITIATES in values else (),
        parallelism=_parallelism(values),
    )


def _with_colon(word: Word) -> Word:
    return replace(word, text=_STAGE) if f"{word.text}:" == _STAGE else word


def _parallelism(values: dict[str, list[Word]]) -> SimaiParallelism | None:
    if not values.keys() & set(_SIMAI):
        return None
    degrees = {key: _one(values[key]) for key in _SIMAI if key in values}
    for key, number in degrees.items():
        if not number and key != _STAGE:
            raise values[key][1].error(f"{key} is 0; 1 or more is wanted")
    return SimaiParallelism(
        ep=degrees.get(_EP, 1),
        pp=degrees.get(_PP, 1),
        npus=degrees.get(_NPUS),
        stage_size=degrees.get(_STAGE, 0),
    )


def _one(words: list[Word]) -> int:
    key, *numbers = words
    if len(numbers) != 1:
        raise _wrong_count(key, "one number", len(numbers))
    return whole_number(numbers[0], key.text.rstrip(":"))


def _by_key(words: list[Word], known: tuple[str, ...]) -> dict[str, list[Word]]:
    """For each key, the key itself and the words behind it."""
    values: dict[str, list[Word]] = {}
    behind: list[Word] | None = None
    for word in words:
        if word.text.endswith(":"):
            if word.text not in known:
                raise word.error(unknown_name("key", word.text[:60], known))
            if word.text in values:
                raise word.error(f"{word.text} is given twice; give it once")
            behind = values[word.text] = [word]
        elif behind is None:
            raise word.error(f"unexpected {word.shown}; {known[0]} is wanted here")
        else:
            behind.append(word)
    return values


def _group(words: list[Word]) -> int:
    key, *numbers = words
    if len(numbers) != 1:
        raise _wrong_count(key, "one number, of NPUs,", len(numbers))
    npus = whole_number(numbers[0], key.text.rstrip(":"))
    if npus < 1:
        raise numbers[0].error(f"{key.text} is 0; 1 NPU or more is wanted")
    return npus


def _listed(words: list[Word]) -> tuple[int, ...]:
    key, *numbers = words
    if not numbers:
        raise _wrong_count(key, "a count, and then that many layers,", 0)
    count = whole_number(numbers[0], f"the count of {key.text.rstrip(':')}")
    if count != len(numbers) - 1:
        raise _wrong_count(key, f"{count}, as the first number says,", len(numbers) - 1)
    return tuple(whole_number(number, "a layer's index") for number in numbers[1:])


def _wrong_count(key: Word, wanted: str, given: int) -> TextError:
    behind = "nothing stands" if not given else f"{given} {'is' if given == 1 else 'are'}"
    return key.error(f"{wanted} is wanted behind {key.text} and {behind} there")
