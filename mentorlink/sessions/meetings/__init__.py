"""Meetings with agenda, notes and actions.

It never knows why people meet.
"""
