"""What administrators may see."""
