"""Answer questions about a collection: question to evidence to answer or abstention."""
