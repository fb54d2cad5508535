"""The verbs of the command line: a file or, where it has verbs of its own, a folder each."""
