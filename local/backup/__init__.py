"""A house in one file, and a house out of one: the database, the keys and the settings, with a checksum for each."""
