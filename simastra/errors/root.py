"""The root of all errors."""

from __future__ import annotations

from simastra.legible import legible


class SimastraError(Exception):
    """Root of all errors that simastra raises on purpose. Its text is one message for a person.

    Args:
        message: what is shown, made `legible` first.
    """

    def __init__(self, message: str) -> None:
        super().__init__(legible(message))

    def __reduce__(self) -> tuple[object, ...]:
        # For other processes: `args` has the message, which not all subclasses take.
        return _remade, (type(self), self.args), self.__dict__


def _remade(kind: type[SimastraError], args: tuple[object, ...]) -> SimastraError:
    return kind.__new__(kind, *args)
