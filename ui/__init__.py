"""The doors: the command line, and what outcomes look like there."""
