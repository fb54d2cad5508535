"""Missions that find what is wrong."""
