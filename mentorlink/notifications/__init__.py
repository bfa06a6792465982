"""Notices in the app and by mail, as each person wishes.

It never decides what happened, only who is told.
"""
