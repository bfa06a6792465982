"""Programmes: who runs them, for whom, and by which rules people are matched in them.

It never pairs anybody.
"""
