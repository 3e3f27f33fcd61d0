"""The extension pack that makes the embedded cloud tell the truth."""
