"""channels."""
def explain_channels(*a) -> None:
    """X."""
