"""Emission: from a plan to ET nodes.

draft      nodes as all NPUs of a stage have them
writer     one order for computations and communications
stage      what a stage does; weights: gradients and ZeRO; step_end: what comes after the passes
npus       the nodes of each NPU; expert_work: of those that share experts; encoding: their files
"""

from .draft import Draft
from .encoding import Encoder
from .expert_work import ExpertWork
from .npus import NpuNodes
from .stage import stage_drafts

__all__ = ["Draft", "Encoder", "ExpertWork", "NpuNodes", "stage_drafts"]
