"""The right to be heard: 告知, 说明, review, exceptions, 容错, readiness of adverse items (domain.md §2.6)."""
