"""The half of the engine that a sealed room may see; nothing of a teacher is in it."""
