"""HTTP as the contract fixes it, whatever a library would do by itself."""
