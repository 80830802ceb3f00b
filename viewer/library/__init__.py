"""The library: folders of notes, the index over them, search, and what the user adds to it."""
