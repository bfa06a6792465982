"""The door of JSON."""
