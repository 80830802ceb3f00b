"""Text in, Note out. Opens no file."""
