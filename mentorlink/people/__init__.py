"""Accounts, profiles, organisation units, roles, sign-in: who someone is and where they belong.

It never knows what people do with each other.
"""
