"""What a result is worth, asked of the experiment that it is of; the numbers themselves are
`simastra.metrics`.

measured   ExperimentMeasures: metrics and bound of a result, when they are asked for
computing  how they are computed
alike      NPUs that did the same, so that each kind is looked at once
planned_memory   what traces say of memory, before anything runs
communicating    nodes that communicate, each kind once
traffic    the bytes that each NPU has to send at the least
plan       what a member of a collective sends, as its algorithm has it
certain_traffic  the bytes that are sent for certain, beyond rounding
ports      what the links at an NPU carry
lone_chain  the longest chain of nodes on one NPU
message_chain  the longest chain of nodes, which messages link
message_classes  NPUs that are alike, and hear from NPUs that are alike
link_loads what links have to carry
windows    when collectives were under way, with all their members
overload   what was sent sooner than an NPU's links could have carried it
forwarding what a run loses by forwarding messages whole; forwarding_costs: what each node does
unshared_time  how long collectives take at the most where messages share nothing
bounds     what a run can't be faster than, and what none can be, told before it
durations  how long nodes take; activities: what on, told by their columns
certain_order  collectives whose turn is certain
least_time how long collectives take at the least, round their rings
"""
