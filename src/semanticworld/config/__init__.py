"""Parameter files and templates, read with line numbers."""
