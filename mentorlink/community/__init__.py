"""Learning communities: members, rooms, topics, messages and who has seen what.

It never sends anything itself: the live door does.
"""
