"""Products (文稿): content that cites, a paper's life from draft to issue, recall (domain.md §2.7-2.10, §4)."""
