"""Vocabulary for every room: errors, cancelling, folders, settings. Standard library and platformdirs only."""
