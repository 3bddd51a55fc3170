"""经常性谈心谈话: plan, outline, record, follow-ups, statistics (domain.md §1.11 c). No formal act begins here."""
