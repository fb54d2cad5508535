"""Which points of a study's space are run, and in which batches.

mode      Mode: what one has to do
table     MODES: grid, random; `mode_of` a study
listed    points that are known before any is run
shuffled  numbers in a random order, none of which need be kept
"""

from .mode import Mode
from .table import MODES, mode_of

__all__ = ["MODES", "Mode", "mode_of"]
