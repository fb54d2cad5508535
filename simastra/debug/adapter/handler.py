"""What a request is to the adapter: what it takes, when it can be asked, what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic

from .arguments import Taken
from .conversation import Conversation
from .framing import JsonObject
from .messages import ClientRequest


class Needs(Enum):
    """What must be the case for a request to be answered."""

    NOTHING = auto()
    DEBUGGEE = auto()
    """Something is debugged; it may be going on."""
    STOP = auto()
    """Something is debugged, and stands."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and what is done behind that."""

    body: JsonObject | None = None
    then: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class AskedRequest(Generic[Taken]):
    """A request with its arguments, as who answers it sees it."""

    request: ClientRequest
    arguments: Taken
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Handler(Generic[Taken]):
    """What is to be known of a kind of request.

    Attributes:
        takes: its arguments.
        answer: answers it. InputError may come out; it becomes a refusal.
        needs: what must be the case.
        capabilities: what a client is told that can be asked, by the protocol's names.
    """

    takes: type[Taken]
    answer: Callable[[AskedRequest[Taken]], Answer]
    needs: Needs = Needs.STOP
    capabilities: tuple[str, ...] = ()
