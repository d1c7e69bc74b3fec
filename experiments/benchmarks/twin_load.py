"""Turn an engine world into the twin's agents, relations and partnerships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_agents import SME, Cluster, ClusterOrganisation, Partnership, Relation, Role, Seat

from sim.rules import registry
from sim.vocab import Kind

if TYPE_CHECKING:
    from twin import Policy, Twin

FIRST_MARKET = 56


def load(model: Twin, world: Any) -> None:
    """Fill the model from the world's tables."""
    model.ranking = [[int(name) for name in row if name >= 0] for row in world.ranking]
    model.zipf, model.other_sector = world.zipf.tolist(), world.other_sector.tolist()
    model.relatedness, model.sector_of = world.relatedness.tolist(), world.sector_of.tolist()
    model.general_trust = world.general_trust.tolist()
    model.policies = [load_policy(world, row) for row in range(len(world.pol))]
    model.clusters = [Cluster(management=float(row.management)) for row in world.clusters]
    model.rows = {}
    for row in range(int(world.n.organisations)):
        load_organisation(model, world, row)
    for cluster, row in zip(model.clusters, world.clusters):
        cluster.organisation = model.rows[int(row.org)]
        first = int(row.first)
        cluster.members = [model.rows[int(j)] for j in world.members[first : first + int(row.member_count)]]
    load_relations(model, world)
    model.active = [load_partnership(model, world, int(a)) for a in world.active[: int(world.n.active)]]
    load_renewals(model, world)
    model.living = list(model.agents)


def load_policy(world: Any, row: int) -> Policy:
    """Return a row of the policies table as an object."""
    from twin import TERMS, Policy

    pol = world.pol[row]
    weights = [(float(pol.weights[k]), TERMS[name]) for k, name in enumerate(registry.names("terms"))
               if pol.weights[k] > 0.0 and name in TERMS]
    return Policy(
        weights, [k for k in range(len(pol.open)) if pol.open[k]], pol.scan.tolist(), pol.contacts.tolist(),
        pol.cost.tolist(), int(pol.fill_rule) == registry.rule_id("fill", "roles"), bool(pol.search),
        bool(pol.shared_goal), bool(pol.shares_by_role), bool(pol.trusted_lead),
        any(term is TERMS["shared_vision"] for _, term in weights), float(pol.enough), float(pol.min_gain),
        float(pol.renew), int(pol.usual_size), int(pol.max_size))


def load_organisation(model: Twin, world: Any, row: int) -> None:
    """Make the agent of one row; the dead stay as names in relations, outside the model."""
    org = world.orgs[row]
    cluster = model.clusters[int(org.cluster)] if org.cluster >= 0 else None
    kind = ClusterOrganisation if org.kind == Kind.CLUSTER_ORGANISATION else SME
    agent = kind(
        model, int(org.uid), cluster=cluster, country=int(org.country), sector=int(org.sector),
        policy=model.policies[int(org.policy)], born=int(org.born), capacity=int(org.capacity),
        running=int(org.running), joined=int(org.joined), activity=float(org.activity), openness=float(org.openness),
        reliability=float(org.reliability), reputation=float(org.reputation), capital=int(org.capital),
        label=float(org.label), vision=(float(org.vision[0]), float(org.vision[1])))
    agent.levels = {int(name): float(level) for name, level in zip(org.fields, org.levels) if name >= 0}
    agent.access = {FIRST_MARKET + m for m in range(8) if int(org.mask) >> (FIRST_MARKET + m) & 1}
    model.rows[row] = agent
    if org.left >= 0:
        agent.alive = False
        agent.remove()


def load_relations(model: Twin, world: Any) -> None:
    """Make all relations, in row order, and each organisation's dict, the oldest first."""
    model.relations = []
    rels = world.rels[: int(world.n.relations)]
    columns = (rels[name].tolist() for name in (
        "a", "b", "trust_ab", "trust_ba", "times", "running", "successes", "failures"))
    for a_row, b_row, trust_ab, trust_ba, *counts in zip(*columns, strict=True):
        a, b = model.rows[a_row], model.rows[b_row]
        relation = Relation(a, b, {a: trust_ab, b: trust_ba}, *counts)
        model.relations.append(relation)
        a.relations[b] = b.relations[a] = relation


def load_partnership(model: Twin, world: Any, number: int) -> Partnership:
    """Return one partnership with its members and roles."""
    row = world.parts[number]
    a = Partnership(
        int(row.uid), model.rows[int(row.lead)], model.rows[int(row.initiator)], model.policies[int(row.policy)],
        int(row.value), (float(row.theme[0]), float(row.theme[1])), int(row.start), int(row.due),
        bool(row.of_clusters), int(row.market), int(row.seat_cap), promise=float(row.promise), won=bool(row.won),
        orphaned=bool(row.orphaned), ended=int(row.ended))
    for seat in world.seats[int(row.seat0) : int(row.seat0) + int(row.seats)]:
        j = model.rows[int(seat.org)]
        a.ever.append(j)
        if seat.left < 0:
            a.members[j] = Seat(int(seat.source), int(seat.cost), int(seat.unhappy))
        elif seat.left == row.ended:
            a.final.append(j)
    for role in world.roles[int(row.role0) : int(row.role0) + int(row.roles)]:
        holder = model.rows[int(role.holder)] if role.holder >= 0 else None
        a.roles.append(Role(int(role.competence), float(role.level), holder, int(role.now), int(role.deliveries)))
    return a


def load_renewals(model: Twin, world: Any) -> None:
    """Let the leads whose team stays remember it."""
    for row, agent in model.rows.items():
        if world.orgs[row].renew >= 0:
            agent.renew = load_partnership(model, world, int(world.orgs[row].renew))


def remember(model: Twin, keyed: Any) -> None:
    """Give those who met the lasting misjudgements of each other that the engine's world holds."""
    for relation in model.relations:
        for i, j in ((relation.a, relation.b), (relation.b, relation.a)):
            if i.alive and j.alive:
                for name in j.levels:
                    i.impressions[j, name] = keyed.bell("search.perception", 0, i.uid, j.uid, name)
