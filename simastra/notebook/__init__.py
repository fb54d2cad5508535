"""For notebooks: what shows a simulation in Jupyter.

plots         pictures with matplotlib: ``from simastra.notebook import plots``
animation     a simulation as a moving picture of its network
drawing       a network from its file alone
dependencies  what waits for what in a trace, as a picture
stepping      the debugger's stepper with buttons and a slider, with ipywidgets
exercises     exercises that check themselves, for notebooks that teach
missions      situations with a goal, whose answers are scored by simulating them
course        the course of notebooks/: tracks, hints, solutions, progress, the marks of a class

Importing this loads nothing: its parts are imported by their own names. That traces, networks,
results and so on show themselves as tables needs none of it (simastra.view.html).
"""
