"""Use cases: observe, decide, act; they yield events, return results and print nothing."""
