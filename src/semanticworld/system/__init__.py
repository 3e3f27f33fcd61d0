"""The machine we run on: clock, randomness, the journal file."""
