"""What people give to each other: assistants and prompts."""
