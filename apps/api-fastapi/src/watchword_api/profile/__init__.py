"""The profile of the caller."""
