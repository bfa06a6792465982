"""The demo agency: about 300 people and their year, made by the same actions that people use, the same each time."""
