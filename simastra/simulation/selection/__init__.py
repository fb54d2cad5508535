"""Which algorithm ``auto`` stands for: found by simulation, before what is simulated begins.

questions  which collectives a workload asks for that have to be decided; shape: which lie alike
alone      one collective by itself on the machine, with one algorithm or another
search     the least of what a choice for each dimension takes
deciding   an experiment with all of it decided; telling: what is said of that
"""

from .deciding import decided_experiment

__all__ = ["decided_experiment"]
