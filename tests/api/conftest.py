"""`world`: a seeded installation, fresh for every test (see web_world.py)."""

from figures import figures_template, filled
from web_world import world, world_template

__all__ = ["figures_template", "filled", "world", "world_template"]
