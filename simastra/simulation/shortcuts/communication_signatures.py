"""What NPUs do with each other: the different collectives, messages and accesses of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from simastra.workload import (
    Collective,
    MemoryOperation,
    Operation,
    Program,
    ReceiveOperation,
    SendOperation,
    distinct_programs,
    of_each_template,
)


class CommunicationSignatures:
    """What programs do beyond their own NPU, as numbers: equal ones for what is equal.

    A large run has millions of such operations, and few different ones. Most shortcuts are refused
    for less than that, so a program's are numbered when somebody asks for them.

    Args:
        programs: of all NPUs.

    Attributes:
        examples: an operation for each number that has been given.
    """

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self.examples: list[Operation] = []
        self._numbers: dict[Operation, int] = {}
        self._by_identity: dict[int, int] = {}
        self._of: dict[int, tuple[int, ...]] = {}

    def of(self, program: Program) -> tuple[int, ...]:
        """The signatures of a program, by index."""
        known = self._of.get(id(program))
        if known is None:
            known = self._of[id(program)] = tuple(map(self._number, _reaching_out(program)))
        return known

    @cached_property
    def collectives(self) -> Sequence[Collective]:
        """The different collectives."""
        if not self._are_done(Collective):
            return ()
        each = {
            id(operation): operation
            for program in distinct_programs(self._programs)
            for operation in _reaching_out(program)
            if isinstance(operation, Collective)
        }
        return tuple(dict.fromkeys(each.values()))

    @property
    def has_messages(self) -> bool:
        """Whether ET nodes send or receive."""
        return self._are_done(SendOperation, ReceiveOperation)

    @property
    def uses_memory(self) -> bool:
        """Whether ET nodes access remote memory."""
        return self._are_done(MemoryOperation)

    def _are_done(self, *kinds: type[Operation]) -> bool:
        return any(issubclass(it, kinds) for it in self._kinds)

    @cached_property
    def _kinds(self) -> frozenset[type[Operation]]:
        # Programs of one template do the same, if with others.
        each = (map(type, _reaching_out(it)) for _, it in of_each_template(self._programs))
        return frozenset().union(*each)

    def _number(self, operation: Operation) -> int:
        number = self._by_identity.get(id(operation))
        if number is None:
            number = self._numbers.setdefault(operation, len(self.examples))
            if number == len(self.examples):
                self.examples.append(operation)
            self._by_identity[id(operation)] = number
        return number


def _reaching_out(program: Program) -> Iterable[Operation]:
    return map(program.operations.__getitem__, program.external_operations)
