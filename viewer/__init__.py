"""Soundbite: read a talk and hear it."""

__version__ = "0.1.0"
