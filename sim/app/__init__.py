"""Seeing it: recordings, replays, the classroom page and its lessons (extra ``live`` for the page)."""
