"""What reads documents. Only the child process does (worker.index.readers.child): what a hostile file unfolds to ends there."""
