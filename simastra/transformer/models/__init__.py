"""Models: their numbers, those that have a name, and their blocks as tables in ``tables``."""

from .blocks import CACHE, ModelBlock, ModelPhase, block_graphs, model_symbols, parameter_count
from .model import Family, Model
from .presets import PRESETS

__all__ = [
    "CACHE",
    "PRESETS",
    "Family",
    "Model",
    "ModelBlock",
    "ModelPhase",
    "block_graphs",
    "model_symbols",
    "parameter_count",
]
