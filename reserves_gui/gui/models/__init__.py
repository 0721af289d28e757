"""Qt item models over values of the engine. They hold texts, never numbers."""
