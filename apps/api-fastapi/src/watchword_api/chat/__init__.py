"""The assistant, and what was said to it."""
