"""Foreign traces → Chakra ETs. Each converter is a sub-package; none knows the simulation.

astra_sim_1   system and network files of ASTRA-sim 1.x
text          its text workloads
link          PyTorch's two recordings of a process into one
pytorch       what that gives
kineto        a device trace without its host trace, as what linking would give
recordings    files of PyTorch as people have them: any of these
generate      traces made of nothing but numbers
json_stream   one long array of a JSON file, element by element, for whoever reads recordings
"""
