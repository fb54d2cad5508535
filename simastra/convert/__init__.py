"""Foreign traces → Chakra ETs. Each converter is a sub-package; none knows the simulation."""
