"""``simastra edit``: other traces made of traces.

edit      the verb: what is read, edited in turn, written
table     the edits, by the names of their options; options: an edit as an option
steps     the edits of a command line, each with what narrows it
words     values of options: factors, collectives, nodes; selections: which nodes, which NPUs
resized, retiming, other_traces    edits of which there is more to say than a call
amounts   about how much edits make
doubts    what of an edited trace a usual run would pass over
group_files    files of process groups beside traces
"""

from .edit import EDIT

__all__ = ["EDIT"]
