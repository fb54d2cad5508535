"""``simastra edit``: other traces made of traces.

edit     the verb: what is read, edited in turn, written
steps    the table of edits, by the names of their options
words    values of these options: selections, factors, NPUs
"""

from .edit import EDIT

__all__ = ["EDIT"]
