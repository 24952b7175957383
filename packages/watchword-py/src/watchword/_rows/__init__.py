"""Rows that carry their owner: what `watchword.sqlalchemy` is made of."""
