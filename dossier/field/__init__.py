"""六字考核 records in full: their forms, entering and linking them, coverage of teams (domain.md §1.2)."""
