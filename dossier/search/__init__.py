"""Search over the record: one port, two engines, one query language (design.md §4)."""
