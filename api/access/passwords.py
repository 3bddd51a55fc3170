"""Passwords: argon2id hashes and a minimum strength."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.errors import ShijiError

MINIMUM = 10
_hasher = PasswordHasher()
# verified when the account does not exist, so that the answer takes as long
_DUMMY = _hasher.hash("no such account")


def hash_password(password: str) -> str:
    """argon2id hash. Raises PASSWORD-WEAK for a short or one-kind password."""
    kinds = sum(any(test(c) for c in password) for test in (str.isdigit, str.isalpha, lambda c: not c.isalnum()))
    if len(password) < MINIMUM or kinds < 2:
        raise ShijiError("PASSWORD-WEAK", "口令过于简单", "", f"至少 {MINIMUM} 位，并含字母、数字、符号中的两类。")
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password matches; takes as long when there is no account."""
    try:
        matched = _hasher.verify(stored or _DUMMY, password)
    except (VerificationError, InvalidHashError):
        return False
    return matched and stored is not None
