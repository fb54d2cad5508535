"""Missions that decide what to buy, and where things go."""
