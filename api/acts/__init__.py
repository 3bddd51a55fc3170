"""What a person does here: the rule below and its audit entry in one transaction, for pages and JSON alike."""
