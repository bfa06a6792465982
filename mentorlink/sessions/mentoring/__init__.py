"""Mentorships: agreement, four stages with their gates, and what closing confirms.

It never looks for a mentor.
"""
