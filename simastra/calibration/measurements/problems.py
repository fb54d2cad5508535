"""What is doubtful in a file of measurements: one notice for each kind, however often it occurs."""

from collections.abc import Iterator
from dataclasses import dataclass

from simastra.notices import Notice, Severity


@dataclass(slots=True)
class _Kind:
    line: int
    message: str
    fix: str
    severity: Severity
    count: int = 0


class Problems:
    """Collects what is doubtful in one file.

    Args:
        source: the file.

    Attributes:
        dropped: rows that don't count.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._kinds: dict[str, _Kind] = {}
        self.dropped = 0

    def drop(self, code: str, line: int, message: str, fix: str) -> None:
        """Note a row that doesn't count."""
        self.dropped += 1
        self.note(code, line, message, f"it is left out; {fix}")

    def note(
        self,
        code: str,
        line: int,
        message: str,
        fix: str,
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Note what is doubtful; of several alike, the first is told, and how many there are."""
        kind = self._kinds.setdefault(code, _Kind(line, message, fix, severity))
        kind.count += 1

    def first(self) -> str:
        """What was noted first, in words; empty if nothing was."""
        for kind in self._kinds.values():
            if kind.severity is Severity.INFO:
                continue
            return f"line {kind.line}: {kind.message} ({kind.fix})"
        return ""

    def notices(self) -> Iterator[Notice]:
        """A notice for each kind."""
        for code, kind in self._kinds.items():
            more = f", and {kind.count - 1} more like it" if kind.count > 1 else ""
            where = f"{self._source}, line {kind.line}{more}"
            yield Notice(code, where, kind.message, kind.fix, kind.severity)
