"""What stands on a command line.

parser          argparse, with messages for people, and the types of options' values
common          what many verbs have, also those that simulate nothing
arguments       the inputs of a simulation as options
configuration_files, settings   those of a machine, and how it is simulated
twins           those of a second simulation, where they differ
in_out          input and output of verbs that turn one file into another
quantities, amount   sizes and times; whether as much as is asked for should be written
input_paths, outputs, command_files   options that name files; none of them replaces another
new_folder      a folder to begin in, in which nothing is replaced
rows            how many rows of a long table are printed
guesses         what was meant by a word that isn't known
other_tools, foreign_options, without_effect   ASTRA-sim's and Chakra's command lines
"""
