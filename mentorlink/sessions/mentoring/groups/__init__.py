"""Groups: one mentor and up to six mentees who meet together, each on a way of their own.

It never shows one mentee what another works on.
"""
