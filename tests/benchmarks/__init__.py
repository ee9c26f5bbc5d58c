"""Figures anyone can reproduce; none of it runs in the test command."""
