"""Read a collection and index it: file to document to passages to vectors."""
