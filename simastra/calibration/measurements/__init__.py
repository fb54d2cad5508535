"""Measurements of collectives from logs and tables, in whatever form.

measurement  what was measured, and what to make of logs that leave something open
reading      files -> measurements
text_log     logs of nccl-tests and rccl-tests; text_row: a row; devices: among how many GPUs
json_log     what nccl-tests writes as JSON
table        CSV, and JSON objects that are rows
rows         as a log has them, before they are checked; checks: whether they count
problems     what is doubtful, once for each kind
"""

from .measurement import LogOptions, Measurement, Measurements, SendMeasurement
from .reading import merged, read_measurements

__all__ = [
    "LogOptions",
    "Measurement",
    "Measurements",
    "SendMeasurement",
    "merged",
    "read_measurements",
]
