"""Keep a chunk's words and embedding in its row: a search reads those of thousands, and each would be fetched and unpacked by itself."""

UP = """
ALTER TABLE chunks SET (toast_tuple_target = 4080);
-- How common more words are than the thousand of the usual statistics: what a question's word weighs.
ALTER TABLE chunks ALTER words SET STATISTICS 400;
"""
