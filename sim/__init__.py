"""The model: what happens to the people serving a sentence of Imprisonment for Public Protection."""
