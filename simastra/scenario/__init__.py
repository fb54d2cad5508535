"""What if: a file of what is different from what the other inputs say (docs/scenarios.md).

config, reading, schema        all of the file, its text, its JSON Schema
npus, jitter, links, jobs, restart its sections
section                        what they are made of
paths                          in a scenario, seen from elsewhere
shown                          a scenario in a notebook
selectors, link_selectors      which NPUs, and which links, an entry is about
selector_syntax                how both are written
placements                     where the NPUs of a job are
conditions, scenario           what follows for each NPU of a machine
hours                          when an NPU works, and how fast
messages                       how long messages are held back
draws, same_everywhere         numbers at random that depend on a seed and on what they are for
"""

from .conditions import MOST_AT_ONCE, NpuConditions, NpuEvent
from .config import ScenarioConfig
from .hours import Hours
from .messages import MessageDelays
from .reading import load_scenario
from .restart import Restart
from .scenario import Scenario, resolved

__all__ = [
    "MOST_AT_ONCE",
    "Hours",
    "MessageDelays",
    "NpuConditions",
    "NpuEvent",
    "Restart",
    "Scenario",
    "ScenarioConfig",
    "load_scenario",
    "resolved",
]
