"""The half of the engine that drives the rooms: it starts them, watches them, ends them."""
