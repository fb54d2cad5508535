"""What a sweep writes: a folder with what was asked, and rows in Parquet files.

folder    DataSet: it is opened, checked, gone on with; Asked: what it is of
parts     the files: written whole; read again
known     rows that are there already, by point
fields    the columns: names, kinds, units, meanings; own_fields: those of every row
table     read_table: all rows, sorted
"""

from .fields import Field, Kind, Row, kind_of
from .folder import ASKED, Asked, DataSet, opened
from .table import Table, read_table

__all__ = [
    "ASKED",
    "Asked",
    "DataSet",
    "Field",
    "Kind",
    "Row",
    "Table",
    "kind_of",
    "opened",
    "read_table",
]
