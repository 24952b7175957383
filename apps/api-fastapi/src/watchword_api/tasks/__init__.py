"""The tasks of one user."""
