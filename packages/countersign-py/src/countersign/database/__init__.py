"""Rows that carry their owner: what `countersign.sqlalchemy` is made of."""
