"""Which function sketches which strategy. To add one, add a line."""

from collections.abc import Callable

from .data_parallel import sketch_data, sketch_micro
from .dlrm import sketch_dlrm
from .model_parallel import sketch_model
from .sequential import sketch_customized, sketch_inference, sketch_transformer
from .sketch import Sketch
from .workload import Strategy, TextWorkload

STRATEGIES: dict[Strategy, Callable[[TextWorkload, Sketch], None]] = {
    Strategy.MICRO: sketch_micro,
    Strategy.DATA: sketch_data,
    Strategy.MODEL: sketch_model,
    Strategy.HYBRID_DATA_MODEL: sketch_model,
    Strategy.HYBRID_MODEL_DATA: sketch_model,
    Strategy.HYBRID_DLRM: sketch_dlrm,
    Strategy.HYBRID_DLRM_ENHANCED: sketch_dlrm,
    Strategy.HYBRID_TRANSFORMER: sketch_transformer,
    Strategy.HYBRID_TRANSFORMER_FWD_IN_BCKWD: sketch_transformer,
    Strategy.HYBRID_CUSTOMIZED: sketch_customized,
    Strategy.DISTRIBUTED_INFERENCE: sketch_inference,
}
"""Each adds one NPU's steps to the sketch; nothing differs between NPUs."""
