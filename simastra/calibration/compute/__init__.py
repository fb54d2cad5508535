"""How long computations take: products of matrices, attention, memory passes, the host.

section  what the calibration file says
"""

from .section import ComputeSection, GemmSection, WaveSection

__all__ = ["ComputeSection", "GemmSection", "WaveSection"]
