"""The only place that talks to AWS: one adapter a port."""
