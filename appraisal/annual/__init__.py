"""年度全面考核: snapshot, evidence package, matrix, quotas, grades. People judge; nothing here proposes a grade."""
