"""Measurements of the promised numbers. Not part of what is installed."""
