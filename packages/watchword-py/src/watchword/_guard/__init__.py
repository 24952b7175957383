"""What a server needs around a verifier."""
