"""What is doubtful in a simulation, as notices; each thing to check has one room.

check          all checks of a simulation's inputs; context: what these may look at
nodes, groups  ET nodes; the process groups that they name
messages       sends and receives that nothing fits; halves: what to say of them
collectives    collectives that not all of their members ask for
link_rates     collectives that are faster than the links
end            what is in doubt though all NPUs have finished
trace          a trace by itself, whatever it is to run on
reference/     what ASTRA-sim doesn't finish, or refuses
"""
