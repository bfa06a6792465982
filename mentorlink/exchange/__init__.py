"""Files in and out: units, people, standards, assessments.

It never bypasses a feature's actions.
"""
