"""Which points of a study's space are run, and in which batches.

mode         Mode: what one has to do
making       `mode_of` a study: grid, random or optuna, made of its settings
listed       points that are known before any is run
drawn        points at random; shuffled: numbers in a random order, none of which need be kept
optuna_mode  points that Optuna suggests; encoding: as what it sees them; samplers: of which kind
  first_points  before anything is known; nearest: instead of those that can't be run
  shared_storage  what sweeps of the same question tell each other
  preselection  which of NSGA-II's children are run; kriging: what they would come to
"""

from .making import mode_of
from .mode import Mode

__all__ = ["Mode", "mode_of"]
