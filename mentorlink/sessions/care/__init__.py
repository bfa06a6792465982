"""Care around pairs: silence noticed, thanks passed on, a concern heard by a safe person, content opened by two.

It never tells a superior or HR what two people say to each other.
"""
