"""Foreign traces → Chakra ETs. Each converter is a sub-package; none knows the simulation.

json_stream   one long array of a JSON file, element by element, for whoever reads recordings
"""
