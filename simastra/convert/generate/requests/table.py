"""Kinds of requests by the names of their verbs."""

from collections.abc import Mapping
from types import MappingProxyType

from .base import GenerateRequest
from .collective import CollectiveRequest
from .memory import MemoryRequest
from .pipeline import PipelineRequest
from .transformer import TransformerRequest

REQUESTS: Mapping[str, type[GenerateRequest]] = MappingProxyType(
    {
        "collective": CollectiveRequest,
        "pipeline": PipelineRequest,
        "memory": MemoryRequest,
        "transformer": TransformerRequest,
    }
)
"""Kinds of traces by name."""
