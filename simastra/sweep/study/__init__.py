"""What a study says: its file, checked; and from a setting of its axes to the inputs of a point.

study        Study: start here
model        the keys of the file; mode_choice, objectives: what may stand at two of them
reading      all parts of it; reading_axes, reading_columns, reading_for_each, reading_repeat: some
mistakes     what is wrong, all of it
axes         what is varied; key_paths: where that is written to
statistic    what repeats come to, taken together
roots        the inputs that key paths lead into; option_keys: one of them
documents    inputs as they are named -> mappings
inputs       a setting -> the inputs of a point; point_parts: each of them; workloads: one of them
space        all settings, by number
expressions  conditions and columns; names, scope: what names in them stand for and are worth
measured     columns that every row has
schema       for editors
ready        studies that come with simastra; changes: what is to stand at their keys instead
"""

from .axes import Axis, Setting, Value
from .expressions import StudyExpression
from .inputs import PointInputs
from .key_paths import KeyPath
from .mode_choice import ModeChoice, OptunaSettings, RandomSettings
from .objectives import Goal, Objective
from .space import Space
from .study import Study
from .workloads import TraceFilesGiven, Workload

__all__ = [
    "Axis",
    "Goal",
    "KeyPath",
    "ModeChoice",
    "Objective",
    "OptunaSettings",
    "PointInputs",
    "RandomSettings",
    "Setting",
    "Space",
    "Study",
    "StudyExpression",
    "TraceFilesGiven",
    "Value",
    "Workload",
]
