"""Results and events as text: documents for scripts, views for people."""
