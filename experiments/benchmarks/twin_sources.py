"""The twin's sources: where a lead can look for partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_agents import BRIDGED, KNOWN, OPEN, OWN, REFERRED, Organisation

if TYPE_CHECKING:
    from twin_search import Search

FRIENDS = 4
ATTEMPTS = 64


def known(search: Search, scan: int) -> list[Organisation]:
    """Return past partners, the latest first."""
    return [search.note(j) for j in reversed(search.lead.relations) if search.is_new(j)]


def partners_of_partners(search: Search, scan: int) -> list[Organisation]:
    """Return whom a few trusted partners recommend."""
    lead, luck, now = search.lead, search.model.luck, search.model.quarter
    friends = luck.weighted(
        ((j, relation.trust[lead]) for j, relation in reversed(lead.relations.items())
         if relation.trust[lead] > 0.0 and search.eligible(j)), FRIENDS, "search.referrer", now, lead.uid)
    each, found = scan // max(1, len(friends)), []
    for friend in friends:
        named = luck.weighted(
            ((j, relation.trust[friend]) for j, relation in reversed(friend.relations.items())
             if relation.trust[friend] > 0.0 and search.is_new(j)), each, "search.referral", now, lead.uid, friend.uid)
        found += [search.note(j) for j in named]
    return found


def own_cluster(search: Search, scan: int) -> list[Organisation]:
    """Return some members of the own cluster."""
    lead = search.lead
    if lead.cluster is None or search.challenge.of_clusters:
        return []
    there = [j for j in lead.cluster.members if search.is_new(j)]
    luck = search.model.luck
    return [search.note(j) for j in luck.sample(there, scan, "search.own_cluster", search.model.quarter, lead.uid)]


def bridged_clusters(search: Search, scan: int) -> list[Organisation]:
    """Return some members of clusters to which the own one has a bridge."""
    lead, luck, now = search.lead, search.model.luck, search.model.quarter
    if lead.cluster is None or search.challenge.of_clusters:
        return []
    broker = lead.cluster.organisation
    reached = luck.weighted(
        ((j, relation.trust[broker]) for j, relation in reversed(broker.relations.items())
         if relation.trust[broker] > 0.0 and j.alive), FRIENDS, "search.bridge", now, lead.uid)
    each, found = scan // max(1, len(reached)), []
    for organisation in reached:
        there = [j for j in organisation.cluster.members if search.is_new(j)]
        found += [search.note(j) for j in luck.sample(there, each, "search.bridged_cluster", now, lead.uid)]
    return found


def open_call(search: Search, scan: int) -> list[Organisation]:
    """Return whoever answers, anywhere in the world."""
    found, luck = [], search.model.luck
    for n in range(scan):
        for attempt in range(ATTEMPTS):
            j = luck.anyone(search.model, search.challenge.of_clusters, search.lead.uid, n * ATTEMPTS + attempt)
            if j is not None and search.is_new(j):
                found.append(search.note(j))
                break
    return found


SOURCES = {KNOWN: known, REFERRED: partners_of_partners, OWN: own_cluster, BRIDGED: bridged_clusters, OPEN: open_call}
