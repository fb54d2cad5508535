"""One long array of a large JSON file, element by element: the file is never held as a whole.

A recorded trace is one JSON object of short members and one long array. Plain or gzip.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from json.decoder import JSONDecodeError
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from simastra.errors import TraceError
from simastra.trace.files import open_file
from simastra.trace.framing import ByteStream, inflated

Members: TypeAlias = dict[str, object]
"""A JSON object, not yet understood."""

_CHUNK = 1 << 20  # bytes read at a time
_BLANKS = re.compile(r"[ \t\r\n]*")
_LONGEST_TOKEN = 16  # characters by which an unfinished token may lie before the end of the text
# Decimal, since a float can't hold a timestamp of 2026 to the nanosecond. Not strict: names in
# recorded traces now and then hold a raw tab or newline.
_OF_RECORDINGS = json.JSONDecoder(parse_float=Decimal, strict=False)
_NO_KEYS: Mapping[str, str] = MappingProxyType({})


class Element(NamedTuple):
    """One element of the array.

    Attributes:
        value: decoded.
        text: the JSON that says so.
    """

    value: object
    text: str


class JsonArray:
    """The array under one key of a file's object; iterate over it to read the file.

    Args:
        path: the file.
        key: the array's key.
        foreign: keys that a file of another kind would have, and what to say on meeting one.
        decoder: of values; numbers with a fraction are Decimal, if it is left out.

    Attributes:
        header: the object's other members, as far as the file has been read.
        arrays: how many there have been under that key, in all that was read.
    """

    def __init__(
        self,
        path: Path | str,
        key: str,
        foreign: Mapping[str, str] = _NO_KEYS,
        decoder: json.JSONDecoder = _OF_RECORDINGS,
    ) -> None:
        self.path = path
        self.key = key
        self.header: Members = {}
        self.arrays = 0
        self._foreign = foreign
        self._decoder = decoder

    def __iter__(self) -> Iterator[Element]:
        """Yield the elements.

        Raises:
            TraceError: the file can't be read, isn't JSON, or has no such array.
        """
        with open_file(self.path) as file:
            yield from self.read(inflated(file, self.path))

    def read(self, file: ByteStream) -> Iterator[Element]:
        """Yield the elements of a file that is open.

        Raises:
            TraceError: it isn't JSON, or has no such array.
        """
        text = _Text(file, self.path, self._decoder)
        if not text.peek():
            raise TraceError("the file is empty; a JSON trace is wanted", source=self.path)
        text.expect("{", "a JSON object")
        found = False
        more = text.peek() != "}" or text.expect("}", "'}'") == ","
        while more:
            key = text.value().value
            text.expect(":", "':'")
            if key == self.key:
                found = True
                self.arrays += 1
                yield from _elements(text, self.key)
            else:
                self._keep(key, text)
            more = text.expect(",}", "',' or '}'") == ","
        if text.peek():
            raise text.error("something follows the JSON object")
        if not found:
            raise TraceError(f"there is no {self.key!r} in this JSON object", source=self.path)

    def _keep(self, key: object, text: "_Text") -> None:
        if not isinstance(key, str):
            raise text.error(f"a key must be a string, not {key!r}")
        if key in self._foreign:
            raise TraceError(self._foreign[key], source=self.path)
        self.header[key] = text.value().value


def _elements(text: "_Text", key: str) -> Iterator[Element]:
    text.expect("[", f"the array of {key!r}")
    if text.peek() == "]":
        text.expect("]", "']'")
        return
    while True:
        yield text.value()
        if text.expect(",]", "',' or ']'") == "]":
            return


class _Text:
    """A window that moves over the file's text."""

    def __init__(self, file: ByteStream, path: Path | str, decoder: json.JSONDecoder) -> None:
        self._file = file
        self._path = path
        self._decoder = decoder
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._column = 1

    def peek(self) -> str:
        """The next character that isn't blank; empty at the end."""
        while True:
            blank = _BLANKS.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._read_on()

    def expect(self, characters: str, what: str) -> str:
        """Pass over the next character, which must be one of these."""
        found = self.peek()
        if not found or found not in characters:
            raise self.error(
                f"{what} is expected here, not {found!r}" if found else f"it ends before {what}"
            )
        self._at += 1
        return found

    def value(self) -> Element:
        """Pass over the next value."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                if self._ended or not self._may_go_on(error):
                    raise self.error(error.msg, error.pos) from None
            except (RecursionError, ValueError) as error:  # an integer of thousands of digits
                reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
                raise self.error(f"a value can't be read: {reason}") from None
            else:
                # At the end of the window, a number may have further digits.
                if end < len(self._text) or self._ended:
                    text = self._text[self._at : end]
                    self._at = end
                    return Element(value, text)
            self._read_on()

    def error(self, problem: str, at: int | None = None) -> TraceError:
        """What to raise about the text at this position of the window."""
        line, column = self._place(self._at if at is None else at)
        hint = "; the file is truncated, or not a JSON trace" if self._ended else ""
        return TraceError(f"line {line}, column {column}: {problem}{hint}", source=self._path)

    def _may_go_on(self, error: JSONDecodeError) -> bool:
        near_end = error.pos >= len(self._text) - _LONGEST_TOKEN
        return near_end or error.msg.startswith("Unterminated string")

    def _read_on(self) -> None:
        self._line, self._column = self._place(self._at)
        self._text = self._text[self._at :]
        self._at = 0
        # At least as much as is there, so that one long value costs linear time.
        data = self._file.read(max(_CHUNK, len(self._text)))
        self._ended = not data
        try:
            self._text += self._utf8.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise TraceError(
                f"after line {self._line}: not UTF-8 text ({error.reason}); a JSON trace is wanted",
                source=self._path,
            ) from None

    def _place(self, at: int) -> tuple[int, int]:
        lines = self._text.count("\n", 0, at)
        if not lines:
            return self._line, self._column + at
        return self._line + lines, at - self._text.rfind("\n", 0, at)
