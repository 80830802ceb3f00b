"""The core's values as Qt models, jobs and players. No widgets here."""
