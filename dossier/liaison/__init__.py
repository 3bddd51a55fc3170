"""分片联系: zones and their history, duties, recusal, contacts, coverage, hand-over (domain.md §1.11 a)."""
