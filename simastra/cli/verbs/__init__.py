"""The verbs: a file each or, where there is more to it, a folder."""
