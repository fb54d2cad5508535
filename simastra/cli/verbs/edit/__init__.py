"""``simastra edit``: other traces made of traces.

edit      the verb: what is read, edited in turn, written
steps     the table of edits, by the names of their options
words     values of these options: selections, factors, NPUs
resized, retiming, other_traces    edits of which there is more to say than a call
amounts   about how much edits make
doubts    what of an edited trace a usual run would pass over
group_files    files of process groups beside traces
"""

from .edit import EDIT

__all__ = ["EDIT"]
