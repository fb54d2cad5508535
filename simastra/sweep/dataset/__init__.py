"""What a sweep writes: a folder with what was asked, and rows in Parquet files.

folder    DataSet: it is opened, checked, gone on with
identity  Identity: what it is of; the revision of the study
parts     the files: written whole; read again
known     rows that are there already, by point
fields    the columns: names, kinds, units, meanings; own_fields: those of every row
table     read_table: all rows, sorted
"""

from .fields import Field, FieldKind, Row, kind_of
from .folder import DataSet, opened
from .identity import IDENTITY_FILE, Identity
from .table import SweepTable, read_table

__all__ = [
    "IDENTITY_FILE",
    "DataSet",
    "Field",
    "FieldKind",
    "Identity",
    "Row",
    "SweepTable",
    "kind_of",
    "opened",
    "read_table",
]
