"""Posts, which everyone may read unless they are private."""
