"""What a text says: pure functions over a text and a roster. No database, no network."""
