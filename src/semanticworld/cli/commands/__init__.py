"""One file a command: parse what it needs, call the use case, say what came back."""
