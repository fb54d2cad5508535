"""Which function sketches which strategy. To add one, add a line."""

from collections.abc import Callable

from .data_parallel import build_data, build_micro
from .dlrm import build_dlrm
from .model_parallel import build_model
from .sequential import build_customized, build_inference, build_transformer
from .step_graph import StepGraph
from .workload import Strategy, TextWorkload

STRATEGIES: dict[Strategy, Callable[[TextWorkload, StepGraph], None]] = {
    Strategy.MICRO: build_micro,
    Strategy.DATA: build_data,
    Strategy.MODEL: build_model,
    Strategy.HYBRID_DATA_MODEL: build_model,
    Strategy.HYBRID_MODEL_DATA: build_model,
    Strategy.HYBRID_DLRM: build_dlrm,
    Strategy.HYBRID_DLRM_ENHANCED: build_dlrm,
    Strategy.HYBRID_TRANSFORMER: build_transformer,
    Strategy.HYBRID_TRANSFORMER_FWD_IN_BCKWD: build_transformer,
    Strategy.HYBRID_CUSTOMIZED: build_customized,
    Strategy.DISTRIBUTED_INFERENCE: build_inference,
}
"""Each adds one NPU's steps to the graph; nothing differs between NPUs."""
