"""The ground that every feature stands on: database, use cases, events, errors, actor, inputs, clock, text.

It never knows a feature.
"""
