"""Where to stop, as words: ``npu 3``, ``node gra*``, ``link 2 3 > 4``, ``if now > 5000``."""

from __future__ import annotations

import re
from collections.abc import Callable

from simastra.debug.breakpoints import (
    AtEvent,
    AtNode,
    AtPhase,
    AtTime,
    Breakpoint,
    Given,
    LongQueue,
    NodePattern,
)
from simastra.debug.command_error import CommandError
from simastra.debug.state import State
from simastra.suggestions import unknown_name
from simastra.trace import NodeType
from simastra.units import NpuId

from .arguments import Words, whole_number
from .expression import condition

PLACES_HELP = """\
npu N                         an event does something at NPU N
node [ID|NAME] [type TYPE] [npu N] [issued|finished]
                              an ET node is issued, or finished; NAME may hold * and ?
collective [ID|NAME] [npu N] [phase K] [step K]
                              a chunk begins its phase K (from 1), or takes step K of a phase
link [FROM TO] [> K]          more than K messages wait at the link, at any
time T                        all before T has happened; T is in ns, or such as 5us
if EXPRESSION                 it becomes true: now, position, npu(3), link(2, 3), state
Behind each of them 'if EXPRESSION' may stand."""


def place(line: str, state: State) -> Breakpoint:
    """Read where to stop.

    Raises:
        CommandError: if it can't be understood.
    """
    head, expression = _split_condition(line)
    words = Words(head)
    if not words:
        if expression is None:
            raise CommandError(f"where to stop is missing: one of {', '.join(_PLACES)} or if")
        return condition(expression)
    kind = words.take("a kind of place")
    if kind not in _PLACES:
        raise CommandError(unknown_name("kind of place", kind, [*_PLACES, "if"]))
    found = _PLACES[kind](words, state)
    words.end()
    return found if expression is None else Given(found, condition(expression))


def node_pattern(words: Words, state: State) -> NodePattern:
    """Read which ET nodes are meant, to the end of the line; all, if nothing is left of it.

    Raises:
        CommandError: if it can't be understood, or no node is meant.
    """
    selection = _Selection(state)
    while words:
        word = words.take("a word")
        if not selection.take(word, words):
            selection.take_name(word)
    if selection.when:
        raise CommandError(f"{selection.when!r} is too much there")
    return selection.pattern()


def _split_condition(line: str) -> tuple[str, str | None]:
    match = re.search(r"(?:^|\s)if(?:\s+(.*))?$", line)
    if match is None:
        return line, None
    if not match[1]:
        raise CommandError("behind 'if' an expression is missing")
    return line[: match.start()], match[1]


def _npu(words: Words, state: State) -> Breakpoint:
    return AtEvent(take_npu(words, state))


def take_npu(words: Words, state: State) -> NpuId:
    """Read the number of an NPU.

    Raises:
        CommandError: if there is no such NPU.
    """
    npu = words.take_number("the NPU's number")
    state.process(npu)
    return npu


def _node(words: Words, state: State) -> Breakpoint:
    selection = _Selection(state)
    while words:
        word = words.take("a word")
        if not selection.take(word, words):
            selection.take_name(word)
    pattern = selection.pattern()
    return AtNode(
        pattern, issued=selection.when != "finished", finished=selection.when == "finished"
    )


def _collective(words: Words, state: State) -> Breakpoint:
    selection = _Selection(state)
    numbers: dict[str, int] = {}
    while words:
        word = words.take("a word")
        if word in {"phase", "step"}:
            numbers[word] = words.take_number(f"the {word}'s number")
        elif not selection.take(word, words):
            selection.take_name(word)
    if selection.when:
        raise CommandError(f"{selection.when!r} is for 'node', not for 'collective'")
    return AtPhase(selection.pattern(), numbers.get("phase"), numbers.get("step"))


def _link(words: Words, state: State) -> Breakpoint:
    src = dst = None
    longer_than = 0
    while words:
        word = words.take("a word")
        if word.startswith(">"):
            number = word[1:] or words.take("how many messages may wait")
            longer_than = whole_number(number, "how many messages may wait")
        elif src is None:
            src = whole_number(word, "the device that sends")
            dst = words.take_number("the device that receives")
        else:
            raise CommandError(f"{word!r} isn't understood; as in: link 2 3 > 4")
    return LongQueue(longer_than, src, dst)


def _time(words: Words, state: State) -> Breakpoint:
    time = words.take_time()
    if state.next_time is None or state.next_time >= time:
        raise CommandError(f"{time:,} ns is here or past; go back first")
    return AtTime(time)


class _Selection:
    """ET nodes as words select them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._number: int | None = None
        self._name: str | None = None
        self._type: NodeType | None = None
        self._npu: NpuId | None = None
        self.when: str | None = None

    def take(self, word: str, words: Words) -> bool:
        """Take `word` and what belongs to it; false if it is none of the words known here."""
        match word:
            case "npu":
                self._npu = take_npu(words, self._state)
            case "type":
                self._type = _node_type(words.take("the type"))
            case "issued" | "finished":
                self.when = word
            case _:
                return False
        return True

    def take_name(self, word: str) -> None:
        """Take a node's id, or the pattern of names."""
        if self._number is not None or self._name is not None:
            raise CommandError(f"{word!r} is too much; a name with spaces needs quotation marks")
        if word.isascii() and word.isdigit():
            self._number = int(word)
        else:
            self._name = word

    def pattern(self) -> NodePattern:
        """The nodes; some node of the trace must be among them."""
        pattern = NodePattern(self._number, self._name, self._type, self._npu)
        names = set()
        for npu, process in enumerate(self._state.npus):
            for node in process.program.graph.nodes:
                if pattern.matches(npu, node):
                    return pattern
                names.add(node.name)
        if self._name is not None and self._name not in names:
            raise CommandError(unknown_name("node", self._name, sorted(names)[:_NAMES]))
        raise CommandError(f"no node is '{pattern}'")


_NAMES = 20  # that are listed for who names none of them


def _node_type(word: str) -> NodeType:
    if word.upper() not in NodeType.__members__:
        raise CommandError(unknown_name("type of nodes", word, NodeType.__members__))
    return NodeType[word.upper()]


_PLACES: dict[str, Callable[[Words, State], Breakpoint]] = {
    "npu": _npu,
    "node": _node,
    "collective": _collective,
    "link": _link,
    "time": _time,
}
"""The kinds of places by the words that they begin with."""

PLACE_WORDS = (
    *_PLACES,
    "if",
    "type",
    "issued",
    "finished",
    "phase",
    "step",
    *NodeType.__members__,
    "NPU",
    "NODE",
)
"""What may stand in a place, for completion."""
