"""分析研判 of a quarter: linked evidence in six boxes, what people write and pick, sign-off, comparison, report."""
