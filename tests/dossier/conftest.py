"""`daily`: a write session, viewers and a vault over the demo roster (see daily_world.py)."""

from daily_world import daily

__all__ = ["daily"]
