"""The section ``links:``: links that are slower, or down, for some time."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from .section import Section, Time


def _anything(value: object) -> object:
    return value


_Anything = Annotated[Any, BeforeValidator(_anything), WithJsonSchema({})]


class LinkEvent(Section):
    """What happens to some links."""

    links: _Anything
    """which"""

    at: Time = 0
    """when it happens"""

    until: Time | None = None
    """when it is over; never if it is left out"""

    rate: _Anything = None
    """what is left of the bandwidth: a part such as 0.5, or a bandwidth such as 25GB/s"""

    down: bool = False
    """whether they carry nothing"""
