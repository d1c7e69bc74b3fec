"""The compiled dispatch of every rule family: what phases call.

``terms(k, c)``, ``accept(k, ...)`` and so on take the rule's id first; see `sim.rules.link`.
Importing this module fixes the set of rules for the process.
"""

from __future__ import annotations

from sim.rules.link import link

_dispatch = link()
accept = _dispatch.accept
fill = _dispatch.fill
growth = _dispatch.growth
learn = _dispatch.learn
part = _dispatch.part
produce = _dispatch.produce
renew = _dispatch.renew
sources = _dispatch.sources
terms = _dispatch.terms
trust = _dispatch.trust
