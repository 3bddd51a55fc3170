"""季度考核 "4+3+2": tasks, their verified progress, and the quarterly assessment as a versioned record (§1.1)."""
