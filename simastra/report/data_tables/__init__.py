"""A simulation in tables of plain values, for spreadsheets and programs: CSV and JSON.

table    a table of plain values
tables   what there is of a simulation: by NPU, collective, process group and link
files    as CSV files and one JSON file
"""

from .files import make_folder, write_tables
from .table import DataTable
from .tables import collective_table, group_table, link_table, npu_table, result_tables

__all__ = [
    "DataTable",
    "collective_table",
    "group_table",
    "link_table",
    "make_folder",
    "npu_table",
    "result_tables",
    "write_tables",
]
