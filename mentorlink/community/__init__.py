"""Learning communities: who belongs, their rooms, topics and messages, and what each member has seen.

It never knows by which door a word came in or goes out.
"""
