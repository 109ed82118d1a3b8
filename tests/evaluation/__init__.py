"""How well names are recognised and resolved: gold annotations, a scorer, and the table of raw model against pipeline."""
