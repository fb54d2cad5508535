"""What NPUs do with each other: the different collectives, messages and accesses of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, compress

from simastra.workload import (
    Collective,
    Collectives,
    MemoryOperation,
    MessageColumns,
    Operation,
    OperationKind,
    Program,
    ReceiveOperation,
    SendOperation,
    chosen,
    distinct_programs,
    of_each_template,
)
from simastra.workload.operation_kinds import EXTERNAL, MESSAGES


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
        self._of: dict[int, tuple[int, ...]] = {}

    def of(self, program: Program) -> tuple[int, ...]:
        """The signatures of a program, by index."""
        known = self._of.get(id(program))
        if known is None:
            known = self._of[id(program)] = tuple(self._signatures(program))
        return known

    def _signatures(self, program: Program) -> Iterator[int]:
        columns = program.columns
        numbers: dict[int, Iterator[int]] = {
            **dict.fromkeys(MESSAGES, self._of_messages(columns.messages)),
            OperationKind.COLLECTIVE: self._of_collectives(columns.collectives),
            OperationKind.MEMORY: map(self._number, map(MemoryOperation, columns.accesses.size)),
        }
        external = compress(columns.kinds, chosen(columns.kinds, EXTERNAL))
        return map(next, map(numbers.__getitem__, external))

    def _of_messages(self, messages: MessageColumns) -> Iterator[int]:
        known: dict[tuple[int, int, int, int], int] = {}
        each = zip(messages.is_send, messages.partner, messages.size, messages.tag, strict=True)
        for message in each:
            number = known.get(message)
            if number is None:
                sends, *told = message
                kind = SendOperation if sends else ReceiveOperation
                number = known[message] = self._number(kind(*told))
            yield number

    def _of_collectives(self, collectives: Collectives) -> Iterator[int]:
        numbers = list(map(self._number, collectives.distinct))
        return map(numbers.__getitem__, collectives.which)

    @cached_property
    def collectives(self) -> Sequence[Collective]:
        """The different collectives."""
        programs = distinct_programs(self._programs)
        each = chain.from_iterable(it.columns.collectives.distinct for it in programs)
        return tuple(dict.fromkeys(each))

    @property
    def has_messages(self) -> bool:
        """Whether ET nodes send or receive."""
        return not self._kinds.isdisjoint(MESSAGES)

    @property
    def uses_memory(self) -> bool:
        """Whether ET nodes access remote memory."""
        return OperationKind.MEMORY in self._kinds

    @cached_property
    def _kinds(self) -> frozenset[int]:
        # Programs of one template do the same, if with others.
        return frozenset().union(*(it.kinds for _, it in of_each_template(self._programs)))

    def _number(self, operation: Operation) -> int:
        number = self._numbers.setdefault(operation, len(self.examples))
        if number == len(self.examples):
            self.examples.append(operation)
        return number
