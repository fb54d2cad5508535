"""For notebooks: what shows a simulation in Jupyter.

plots        pictures with matplotlib: ``from simastra.notebook import plots``
requirement  the one message of who lacks a package

Importing this loads nothing: its parts are imported by their own names.
"""
