"""Figures read across the house.

It never owns rows, but for the sheet on which it worked figures out.
"""
