"""What is doubtful in a simulation, as notices; each thing to check has one room.

check          all checks of a simulation's inputs; context: what these may look at
nodes, groups  ET nodes, and the process groups that they name; node_check: a check's form;
found_nodes    those that fail one
calibrated     how the times that a workload asks for are known
configuration  keys without effect, algorithms, units
halves         sends and receives, and which fit each other; messages: those that nothing fits,
unmet          sought among millions
teams          what members of collectives ask for; collectives: not all the same,
collective_order    or not in the same order
step_annotations    what traces say of the step: that they disagree, or need too much memory
link_rates     what is over sooner than the links could carry it
forwarding     runs that take long because hops forward messages whole
estimate       how long communication would take that is dropped
end            what is in doubt though all NPUs have finished
trace          a trace by itself, whatever it is to run on; trace_collectives: what members ask for
reference/     what ASTRA-sim doesn't finish, or refuses
"""
