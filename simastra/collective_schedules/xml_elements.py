"""XML as elements that know their lines; document types and entities are refused, not expanded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .wrong import ScheduleError

_DEEPEST = 20  # elements in each other; an algorithm has four
_LONGEST_SHOWN = 40


@dataclass(slots=True)
class XmlElement:
    """An element.

    Attributes:
        tag: its name.
        line: where it begins.
        source: the file.
        attributes: by name.
        children: elements in it.
    """

    tag: str
    line: int
    source: str
    attributes: dict[str, str]
    children: list[XmlElement] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Line and element, for messages."""
        return f"line {self.line}, <{self.tag}>"

    def error(self, problem: str) -> ScheduleError:
        """Make (not raise) the error that this element is wrong."""
        return ScheduleError(problem, source=self.source, where=self.where)

    def named(self, tag: str) -> Iterator[XmlElement]:
        """The elements in it, all of which must have that name.

        Raises:
            ScheduleError: if one has another.
        """
        for child in self.children:
            if child.tag != tag:
                raise child.error(f"stands in <{self.tag}>, where <{tag}> is wanted")
            yield child

    def text(self, name: str, default: str | None = None) -> str:
        """An attribute.

        Raises:
            ScheduleError: if it is missing, and there is no default.
        """
        value = self.attributes.get(name, default)
        if value is None:
            raise self.error(f"lacks the attribute {name}")
        return value

    def integer(self, name: str, least: int = 0, default: int | None = None) -> int:
        """An attribute that is a whole number.

        Raises:
            ScheduleError: if it is missing, isn't one, or is less than that.
        """
        word = self.text(name, None if default is None else str(default)).strip()
        # Python refuses to read a number of thousands of digits.
        digits = word.removeprefix("-")
        if len(digits) > _LONGEST_SHOWN // 4 or not (digits.isascii() and digits.isdigit()):
            raise self.error(f"{name} is {word[:_LONGEST_SHOWN]!r}; a whole number is wanted")
        if int(word) < least:
            raise self.error(f"{name} is {word}; {least} or more is wanted")
        return int(word)


def parse_xml(text: str, source: str) -> XmlElement:
    """Return the outermost element.

    Raises:
        ScheduleError: the text isn't XML, declares a document type, or is nested too deeply.
    """
    building = _Building(source)
    try:
        building.parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003  # it is final
    except expat.ExpatError as error:
        problem = f"is not XML: {expat.errors.messages[error.code]} at column {error.offset + 1}"
        raise ScheduleError(problem, source=source, where=f"line {error.lineno}") from None
    assert building.root is not None  # expat refuses a text without elements
    return building.root


class _Building:
    """Makes elements of what the parser finds."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root: XmlElement | None = None
        self.open: list[XmlElement] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        made = XmlElement(tag, line, self.source, attributes)
        if len(self.open) >= _DEEPEST:
            raise made.error("is nested too deeply")
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)

    def _end(self, _tag: str) -> None:
        self.open.pop()

    def _refuse(self, *_: object) -> None:
        raise ScheduleError(
            "declares a document type or entities, which are not read; leave the declaration out",
            source=self.source,
            where=f"line {self.parser.CurrentLineNumber}",
        )
