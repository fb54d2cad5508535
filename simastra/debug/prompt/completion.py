"""What a word at the prompt can be completed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from simastra.debug.state import State

from .commands import BY_NAME

_MOST_NODES = 200  # whose names are offered; nobody reads more


def completions(line: str, word: str, state: State) -> list[str]:
    """What `word`, at which the cursor is, can be completed to.

    Args:
        line: what stands before `word`.
        word: as far as it is typed.
        state: whose NPUs and nodes can be named.
    """
    before = line.rpartition(";;")[2].split()
    if not before or before[0] in {"help", "h", "?"}:
        offered = iter(BY_NAME)
    elif before[0] in BY_NAME:
        offered = _words(BY_NAME[before[0]].words, state)
    else:
        offered = iter(())
    return sorted({each for each in offered if each.startswith(word)})


def _words(words: Sequence[str], state: State) -> Iterator[str]:
    for word in words:
        match word:
            case "NPU":
                yield from map(str, range(len(state.npus)))
            case "NODE":
                yield from _node_names(state)
            case _:
                yield word


def _node_names(state: State) -> list[str]:
    names: dict[str, None] = {}
    graphs = dict.fromkeys(process.program.graph for process in state.npus)
    for node in chain.from_iterable(graph.nodes for graph in graphs):
        names[f"'{node.name}'" if " " in node.name else node.name] = None
        if len(names) == _MOST_NODES:
            break
    return list(names)
