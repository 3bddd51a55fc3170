"""Who may come in and what is noted of it: accounts, sign-in, rights, the audit log."""
