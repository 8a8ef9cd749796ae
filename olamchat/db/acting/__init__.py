"""The statements about answers that act: servers of tools, steps, pages that were read, people's connections."""
