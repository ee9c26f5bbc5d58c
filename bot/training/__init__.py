"""Train the models that ship with memcon, from public data and the minutes."""
