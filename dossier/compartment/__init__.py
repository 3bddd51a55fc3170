"""The restricted compartment: important matters, requests for talks, the register of supervisory acts (R-04)."""
