"""The section ``jobs:``: other workloads on the same machine."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from .section import Section, Time


def _anything(value: object) -> object:
    return value


_Anything = Annotated[Any, BeforeValidator(_anything), WithJsonSchema({})]


class Job(Section):
    """A workload, and where it runs."""

    workload: Annotated[str, Field(min_length=1)]
    """prefix of its trace files, relative to the scenario's folder"""

    npus: _Anything = None
    """where it runs"""

    start: Time = 0
    """when it begins"""
