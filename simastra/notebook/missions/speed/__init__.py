"""Missions that make a step faster."""
