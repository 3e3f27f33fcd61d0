"""A private GPU node on AWS from one command, and the same on a laptop without an account."""

__version__ = "0.1.0"
