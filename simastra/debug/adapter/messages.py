"""Requests as they arrive, and what is wrong with those that are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from simastra.errors import InputError

from .framing import JsonObject

CANCELLED = "cancelled"
"""The protocol's word for a request that was given up."""
NOT_STOPPED = "notStopped"
"""The protocol's word for what can be asked only while the simulation is stopped."""


class RequestError(InputError):
    """A request is wrong, or can't be carried out now. The message says what is right.

    Attributes:
        word: the protocol's word for it, for clients; empty where it has none.
    """

    def __init__(self, problem: str, word: str = "") -> None:
        self.word = word
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What a client asks for.

    Attributes:
        seq: its number, by which it is answered.
        command: what is asked for.
        arguments: as they came.
    """

    seq: int
    command: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that is no request.

    Attributes:
        seq: its number, 0 if it has none.
        command: what it asks for, as far as that can be told.
        problem: what is wrong.
    """

    seq: int
    command: str
    problem: str


def request_of(content: bytes) -> ClientRequest | Malformed | None:
    """What the content of a message says; None for an answer, since nothing is asked of clients."""
    try:
        message: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        return Malformed(0, "", f"a message is no JSON: {error}")
    if not isinstance(message, Mapping):
        return Malformed(0, "", "a message is an object of JSON")
    if message.get("type") == "response":
        return None
    return _request(message)


def _request(message: JsonObject) -> ClientRequest | Malformed:
    number, name, arguments = (message.get(key) for key in ("seq", "command", "arguments"))
    seq = number if isinstance(number, int) and not isinstance(number, bool) else 0
    command = name if isinstance(name, str) else ""
    arguments = {} if arguments is None else arguments
    if message.get("type") != "request":
        return Malformed(seq, command, "type: must be 'request'")
    if seq < 1:
        return Malformed(0, command, "seq: must be a whole number, 1 or more")
    if not command:
        return Malformed(seq, command, "command: must be a request's name")
    if not isinstance(arguments, Mapping):
        return Malformed(seq, command, "arguments: must be an object of keys")
    return ClientRequest(seq, command, arguments)
