"""The matching engine against plain rules written a second time."""
