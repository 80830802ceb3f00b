"""What a note is: pure values and functions. No disk, no clock, no network."""
