"""Where points are run.

engine    Engine: what one is; EngineSettings
table     ENGINES: all, by their names; engine_named
serial    here; processes: those of this machine; dask_cluster: those of any number of machines
slices    how many points a worker gets at once
inputs_by_content    trace files for workers that have none
"""

from .engine import Engine, EngineSettings
from .table import ENGINES, engine_named

__all__ = ["ENGINES", "Engine", "EngineSettings", "engine_named"]
