"""`world`: a seeded installation, fresh for every test (see web_world.py)."""

from web_world import world, world_template

__all__ = ["world", "world_template"]
