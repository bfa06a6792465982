"""The notes two people write at once, what each says of a meeting afterwards, and every earlier state with who and when.

It never decides when people meet.
"""
