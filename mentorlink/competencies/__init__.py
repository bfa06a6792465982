"""Competency frameworks, job standards, assessments and the gap between what a job asks and what was found.

It never decides who mentors whom.
"""
