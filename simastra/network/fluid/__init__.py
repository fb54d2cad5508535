"""The fluid backend: messages as flows that share links by max-min fairness.

backend     the backend itself: who shares with whom, and when that is computed
flow        a message as a flow; the links that it shares, and those that got their rates with it
max_min     fair rates, by progressive filling; no clock
whole_ns    where times become whole nanoseconds
sharing     who shares with whom, and what each gets
"""

from .backend import Fluid
from .max_min import MaxMin, max_min_rates

__all__ = ["Fluid", "MaxMin", "max_min_rates"]
