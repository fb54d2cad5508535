"""A run as one SVG picture, for a paper or somebody's page: what NPUs did when, and what for."""

from .svg import run_svg

__all__ = ["run_svg"]
