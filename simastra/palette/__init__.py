"""What stands for what: colours, letters and styles, by the enums of the model.

activities  what an NPU spends time on
nodes       types of a trace's nodes
kinds       which pass, which collective, which side of a message
chrome      the same kinds in a Chrome trace, which has names of colours only
categories  what a nanosecond went to
links       kinds of links, which a network's file names

Each table has an entry for every member of its enum: tests/palette/ insists. What has none, such as
an activity that only a file names, has a look of its own, so that a picture lacks a colour, never a
bar.
"""
