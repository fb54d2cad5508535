"""What a notebook shows of the debugger's objects; `views` says it, which knows them all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from simastra.view.blocks import Block, blocks_html
from simastra.view.html import Markup


@singledispatch
def view_of(thing: object) -> Iterable[Block]:
    """What there is to see of `thing`; a state, an NPU and a stop have a view each."""
    raise TypeError(f"there is no view of a {type(thing).__name__}")


def shown(thing: object) -> Markup:
    """What a notebook shows of `thing`."""
    return blocks_html(view_of(thing))
