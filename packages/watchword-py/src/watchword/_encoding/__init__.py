"""Bytes and JSON as tokens have them."""
