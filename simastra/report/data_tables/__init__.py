"""A simulation in tables of plain values, for spreadsheets and programs: CSV and JSON.

tables   what there is of a simulation: by NPU, collective, process group and link
files    as CSV files and one JSON file
"""

from .files import table_file_names, write_tables
from .tables import (
    TABLES,
    collective_table,
    group_table,
    link_table,
    npu_table,
    result_tables,
)

__all__ = [
    "TABLES",
    "collective_table",
    "group_table",
    "link_table",
    "npu_table",
    "result_tables",
    "table_file_names",
    "write_tables",
]
