"""Learning hours (JP): what was done, under which version of the rule, and what counts of it.

It never invents a deed: entries come from what others held.
"""
