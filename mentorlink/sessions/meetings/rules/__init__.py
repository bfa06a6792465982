"""Decisions of meetings: values in, values out."""
