"""Pure decisions: facts, policy and time in, a value out."""
