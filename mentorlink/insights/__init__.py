"""Figures read across the house.

It never owns rows.
"""
