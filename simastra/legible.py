"""Text for people, whatever the names and values are that it quotes.

A file's name, a key or a node's name may hold anything: letters that a terminal takes for commands,
line breaks, or a megabyte. Messages quote them, so that here is what all messages go through.
"""

import re

LONGEST = 2000
"""Bytes of the longest message."""

_LONGEST_LINE = 600
_INVISIBLE = (  # compiled when first wanted, since most runs quote nothing
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LAST_ASCII_CONTROL = "\x1f"


def escaped(text: str) -> str:
    r"""Write out what isn't seen: control characters, line breaks aside, and changes of direction.

    >>> escaped("a\x1b[31mb\u202e")
    'a\\x1b[31mb\\u202e'
    """
    return re.sub(_INVISIBLE, _escape, text)


def one_line(text: str) -> str:
    r"""As `escaped`, line breaks too: for names and values.

    >>> one_line("two\nlines")
    'two\\nlines'
    """
    return escaped(text).replace("\n", "\\n")


def beginning(text: str, letters: int) -> str:
    """The beginning of a text that is longer.

    >>> beginning("0123456789", 4), beginning("0123", 4)
    ('0123...', '0123')
    """
    return text if len(text) <= letters else f"{text[:letters]}..."


def located(problem: str, *places: object) -> str:
    """What is wrong behind where it is; places that are None aren't known.

    >>> located("is missing", "a.et", None, "node 3")
    'a.et, node 3: is missing'
    """
    return f"{', '.join(one_line(str(it)) for it in places if it is not None)}: {problem}"


def error_words(error: Exception) -> str:
    """What an error of Python's is, and what it says."""
    name = type(error).__name__
    return f"{name}: {error}" if str(error) else name


def legible(text: str) -> str:
    """As `escaped`, and no longer than `LONGEST`; what is left out is said in its place.

    Of a line the middle is left out, of many lines those before the last two: what a message
    begins and ends with says most.
    """
    lines = escaped(text).split("\n")
    if _size(lines) <= LONGEST:
        return "\n".join(lines)
    lines = [_shortened(line, LONGEST if len(lines) == 1 else _LONGEST_LINE) for line in lines]
    if _size(lines) <= LONGEST:
        return "\n".join(lines)
    first, last = lines[:-2], lines[-2:]
    left_out = 0
    while first and _size([*first, _LEFT_OUT.format(left_out), *last]) > LONGEST:
        first.pop()
        left_out += 1
    return "\n".join([*first, _LEFT_OUT.format(left_out), *last])


_LEFT_OUT = "  ... {} lines are left out here ..."


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    # Beyond the first of them, as JSON writes it too.
    if letter > _LAST_ASCII_CONTROL:
        return f"\\u{ord(letter):04x}"
    return letter.encode("unicode_escape").decode()


def _size(lines: list[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines) - 1


def _shortened(line: str, longest: int) -> str:
    data = line.encode()
    if len(data) <= longest:
        return line
    end = longest // 3
    start = longest - end - len(" ... 1,000,000,000 bytes ... ")
    left_out = f" ... {len(data) - start - end:,} bytes ... "
    return data[:start].decode(errors="ignore") + left_out + data[-end:].decode(errors="ignore")
