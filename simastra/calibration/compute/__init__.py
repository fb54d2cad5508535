"""How long computations take: products of matrices, attention, memory passes, the host.

section  what the calibration file says
gemm     a matrix product on an idle GPU
model    all computations, alone and amid a training step
"""

from .model import ComputeModel
from .section import ComputeSection, GemmSection, WaveSection

__all__ = ["ComputeModel", "ComputeSection", "GemmSection", "WaveSection"]
