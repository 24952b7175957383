"""What `watchword.testing` is made of."""
