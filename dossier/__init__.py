"""The record: roster, evidence and its states, events, search, products, intake. Knows no HTTP and no HTML."""
