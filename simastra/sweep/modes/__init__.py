"""Which points of a study's space are run, and in which batches.

mode         Mode: what one has to do
table        MODES: grid, random, optuna; `mode_of` a study
listed       points that are known before any is run
drawn        points at random; shuffled: numbers in a random order, none of which need be kept
optuna_mode  points that Optuna suggests; encoding: as what it sees them; samplers: of which kind
"""

from .mode import Mode
from .table import MODES, mode_of

__all__ = ["MODES", "Mode", "mode_of"]
