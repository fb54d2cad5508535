"""Measurements of collectives from logs and tables.

measurement  what was measured
rows         as a log has it, before it is checked
"""

from .measurement import LogOptions, Measurement, Measurements

__all__ = ["LogOptions", "Measurement", "Measurements"]
