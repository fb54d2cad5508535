"""What a node is for: the values of the attribute ``purpose`` that simastra writes and groups by.

A trace may name others: a purpose is any text.
"""

from enum import StrEnum


class Purpose(StrEnum):
    """What is computed, or what is communicated."""

    FORWARD = "forward"
    """Of a forward pass."""
    BACKWARD = "backward"
    """Of a backward pass."""
    RECOMPUTATION = "recomputation"
    """Of a forward pass that is computed again, for the backward pass."""
    OPTIMIZER = "optimizer"
    """The update of weights."""
    ACTIVATIONS = "activations"
    """Parts of activations and of their gradients, among NPUs that share a layer or a sequence."""
    EXPERTS = "experts"
    """Tokens, to the NPUs with the experts that they were assigned to, and back."""
    PIPELINE = "pipeline"
    """Activations and their gradients, from stage to stage."""
    GRADIENTS = "gradients"
    """Gradients of weights, among replicas."""
    WEIGHTS = "weights"
    """Weights that replicas have shared out among them."""
