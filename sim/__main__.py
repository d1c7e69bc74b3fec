"""``python -m sim`` does what `mobilise` does."""

from sim.cli import main

if __name__ == "__main__":  # a spawned worker imports this file again
    main()
