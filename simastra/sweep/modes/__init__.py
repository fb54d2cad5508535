"""Which points of a study's space are run, and in which batches.

mode         Mode: what one has to do
making       `mode_of` a study: grid, random or optuna, made of its settings
listed       points that are known before any is run
drawn        points at random; shuffled: numbers in a random order, none of which need be kept
optuna_mode  points that Optuna suggests; encoding: as what it sees them; samplers: of which kind
"""

from .making import mode_of
from .mode import Mode

__all__ = ["Mode", "mode_of"]
