"""Frozen values that every layer speaks in: no clock, no randomness, no effects."""
