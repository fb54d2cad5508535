"""Models: their numbers, those that have a name, and their blocks as tables in ``tables``."""

from .blocks import (
    ModelBlock,
    ModelPhase,
    block_graphs,
    cache_of,
    model_symbols,
    parameter_count,
)
from .model import Family, Latent, Model
from .presets import PRESETS

__all__ = [
    "PRESETS",
    "Family",
    "Latent",
    "Model",
    "ModelBlock",
    "ModelPhase",
    "block_graphs",
    "cache_of",
    "model_symbols",
    "parameter_count",
]
