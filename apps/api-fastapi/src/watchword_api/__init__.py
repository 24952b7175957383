"""The Todo API on FastAPI: it verifies tokens and owns the data."""
