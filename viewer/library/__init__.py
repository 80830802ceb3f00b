"""Files and SQLite: what is in the user's folders, and finding it again."""
