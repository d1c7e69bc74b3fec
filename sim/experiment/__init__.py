"""Studies: which worlds are run, how they run, where results are kept, and what they say."""
