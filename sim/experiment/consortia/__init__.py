"""Real consortia: observed tables, the shuffles they are held against, the formation that is fitted to them."""
