"""What the user sees: widgets, themes, actions."""
