"""业绩责任记实: append-only entries on principal leaders (domain.md §1.12)."""
