"""Coaching engagements: a first talk, the coachee's goal, sessions by GROW, commitments with check-ins, and a closing review.

It never says what the goal should be, nor looks for a coach.
"""
