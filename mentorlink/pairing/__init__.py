"""How two people come together: offers, suggestions, requests and their answers.

It never tracks what becomes of the pair.
"""
