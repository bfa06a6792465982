"""Matching rounds: a whole programme paired at once, from who takes part to what is published.

It never pairs anybody by itself: a draft is a proposal until a programme manager publishes it, and the two still have to begin.
"""
