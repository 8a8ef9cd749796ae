"""Moving a whole house in from elsewhere: people with their passwords, conversations with their branches and files."""
