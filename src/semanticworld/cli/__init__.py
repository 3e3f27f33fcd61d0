"""Parse, ask, call, render."""
