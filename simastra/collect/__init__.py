"""Record a training program with PyTorch: the pair of traces that ``simastra link`` reads.

window       PyTorch's two recorders, on for some steps
recorder     collect(): files of one rank, written whole or not at all

The only part of simastra that needs PyTorch: ``pip install 'simastra[torch]'``.
"""

from simastra.requirement import require

require("torch", "torch", "simastra.collect")

from simastra.collect.recorder import Recorder, collect  # noqa: E402 - it imports torch

__all__ = ["Recorder", "collect"]
