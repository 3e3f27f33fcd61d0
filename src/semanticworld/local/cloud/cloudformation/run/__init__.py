"""Executing a stack operation: create, update, delete, and every way back."""
