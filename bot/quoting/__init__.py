"""What `bot.quotations` is made of: reading a text, finding its words in the record, weighing what differs."""
