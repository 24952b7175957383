"""What ended before its time, and the verifier that knows it."""
