"""Command lines of ASTRA-sim's and Chakra's tools, of which only the program's name was changed.

Their words become those of our verbs; what the options are called, the verbs themselves declare.
(docs/chakra.md 2.1 to 2.8, behaviour 1.1.)
"""

from collections.abc import Sequence

_ASTRA_SIM_INPUT = "-configuration"  # what the names of ASTRA-sim's input options end with
_CHAKRA_KIND = "--input-type"
_LOG = "--log-filename"
_EXAMPLES = "examples"  # what Chakra's generator makes


def names_inputs(words: Sequence[str]) -> bool:
    """Whether these are the options of ASTRA-sim, which has no verbs, or their short names."""
    short = ("--workload", "--system", "--network")
    names = [option_name(word) for word in words]
    return any(name.endswith(_ASTRA_SIM_INPUT) or name in short for name in names)


def option_name(word: str) -> str:
    """The name of an option, with dashes for underscores; "" for a word that isn't one.

    >>> option_name("--input_filename=a_b.txt")
    '--input-filename'
    """
    return word.partition("=")[0].replace("_", "-") if word.startswith("--") else ""


def converter_words(words: Sequence[str]) -> list[str]:
    """The words behind ``convert``, the converter first, as Chakra's two forms give it.

    ``--input_type=Text ...`` is older, ``--log-filename=F Text ...`` newer; letters of either case.
    """
    rest = list(words)
    kind = _taken(rest, _CHAKRA_KIND)
    before = _options_before_verb(rest) if kind is None else 0
    log, rest = rest[:before], rest[before:]
    verb = [kind] if kind is not None else rest[:1]
    behind = rest if kind is not None else rest[1:]
    return [*map(str.lower, verb), *behind, *log]


def generator_words(words: Sequence[str]) -> list[str]:
    """The words behind ``generate``: Chakra's generator, which has options only, makes examples."""
    is_option = bool(words) and words[0].startswith("--") and words[0] != "--help"
    return [_EXAMPLES, *words] if is_option else list(words)


def _taken(words: list[str], option: str) -> str | None:
    """Take an option and its value out of `words`; None if it isn't among them, with a value."""
    for index, word in enumerate(words):
        if option_name(word) != option:
            continue
        _, equals, value = word.partition("=")
        if equals:
            del words[index]
            return value
        if index + 1 < len(words):
            value = words[index + 1]
            del words[index : index + 2]
            return value
    return None


def _options_before_verb(words: Sequence[str]) -> int:
    """How many words before the converter say where a log goes."""
    if not words or option_name(words[0]) != _LOG:
        return 0
    return 1 if "=" in words[0] else 2
