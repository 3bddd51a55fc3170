"""What must go: 澄清, destruction lists with two persons, tombstones, correction requests (R-37, R-43, R-46)."""
