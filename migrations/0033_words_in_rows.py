"""Keep a chunk's words in its row whatever else is long: of a row that is too large its text goes elsewhere, which few are asked for.

What is there stays as it is; documents that are read from now on are found quicker among many.
"""

UP = """
ALTER TABLE chunks ALTER words SET STORAGE MAIN;
"""
