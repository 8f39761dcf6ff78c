"""In from a learning platform's download, and back into what it takes."""
