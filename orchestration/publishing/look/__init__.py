"""How scores look wherever they are drawn: bands, numbers, small lines. Not here: pages and what stands on them."""
