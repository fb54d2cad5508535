"""A run without time: what the order of nodes alone decides, whatever anything takes.

npu            an NPU whose operations end as soon as they can
meetings       who has come to which collective
settled        in which order an NPU begins what communicates, as far as no timing can change it
certainty      whether a standstill of such a run is one of every run
standstill     the run, and what comes of it
"""

from .standstill import certain_deadlock

__all__ = ["certain_deadlock"]
