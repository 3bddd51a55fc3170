"""Coordinates of the drawings that pages write out."""
