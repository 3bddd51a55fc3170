"""Indicators, scoring methods and indices: what a number is, and why a score is what it is (domain.md §1.4-§1.10)."""
