"""Recordings of PyTorch as people have them: a linked trace, a pair, a device trace alone.

reading   one file of whichever kind, as a linked trace
"""

from .reading import read_recording

__all__ = ["read_recording"]
