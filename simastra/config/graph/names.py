"""Names of many nodes in one: ``npu[0:4]`` is npu.0, npu.1, npu.2 and npu.3."""

from __future__ import annotations

import re
from itertools import product
from math import prod

from simastra.config.messages import show
from simastra.errors import InputError
from simastra.network_graph import MOST_NODES

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_SLICE = re.compile(r"(?:(\d{0,18}):)?(\d{1,18})(?::(\d{1,18}))?")
LONGEST_NAME = 200
"""Characters of a node's name."""


def names_in(text: str) -> list[str]:
    """The names that a name with slices stands for: Python's slices; of several, the last is first.

    >>> names_in("npu[0:16:4]"), names_in("pod[0:2].leaf[3]"), names_in("spine")
    (['npu.0', 'npu.4', 'npu.8', 'npu.12'], ['pod.0.leaf.3', 'pod.1.leaf.3'], ['spine'])

    Raises:
        InputError: if it isn't such a name, or stands for none or for more than `MOST_NODES`.
    """
    _check(text)
    between, slices = _BRACKETS.split(text)[::2], _BRACKETS.findall(text)
    numbers = [_numbers(it, text) for it in slices]
    if prod(map(len, numbers)) > MOST_NODES:
        count = f"{prod(map(len, numbers)):,}"
        raise InputError(f"{show(text)} names {count} nodes; at most {MOST_NODES:,} are possible")
    fixed = "{}".join(it.replace("{", "{{").replace("}", "}}") for it in _dotted(between))
    return [fixed.format(*chosen) for chosen in product(*numbers)]


def _check(text: str) -> None:
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_NAME:
        raise InputError(f"{show(text)} is no name of a node; write one such as npu.0 or leaf[0:4]")
    rest = _BRACKETS.sub("", text)
    if "[" in rest or "]" in rest or text.startswith("["):
        raise InputError(f"{show(text)} is no name with slices; write it as npu[0:4]")
    if re.search(r"\][^.\[]", text):
        raise InputError(
            f"{show(text)} goes on behind a slice; write a dot there, as pod[0:2].leaf"
        )


def _dotted(between: list[str]) -> list[str]:
    """What stands before, between and behind slices, with a dot before each number."""
    return [*(f"{it}." for it in between[:-1]), between[-1]]


def _numbers(text: str, name: str) -> range:
    found = _SLICE.fullmatch(text.replace(" ", ""))
    if found is None:
        raise InputError(
            f"{show(name)} has the slice [{text}]; write numbers as [0:4], [0:16:4] or [3]"
        )
    begin, end, step = found.groups()
    if begin is None and step is None:
        return range(int(end), int(end) + 1)
    if step is not None and int(step) == 0:
        raise InputError(f"{show(name)} has a slice with step 0; write 1 or more")
    numbers = range(int(begin or 0), int(end), int(step or 1))
    if not numbers:
        raise InputError(
            f"{show(name)} names no node: as in Python, [{text}] ends before {end}; "
            "write an end behind the begin"
        )
    return numbers
