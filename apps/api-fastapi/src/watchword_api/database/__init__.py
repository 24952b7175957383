"""The rows of the API, in SQLite or PostgreSQL."""
