"""The tables of the world, column by column. A row number never changes its meaning.

Money is int64 cents. Steps count from the start of the burn-in; ``-1`` means "not (yet)".
Everything else that compiled code sees is a table here: see `sim.world.world.World`.
"""

from __future__ import annotations

from sim.vocab import MAX_FIELDS_HELD, MAX_ROLES, Source
from sim.world.columns import Column, Table

SOURCES = len(Source) + 4  # columns by source; the spare ones are for users' sources
TERMS = 24  # columns for score weights, in the order of rules/registry

# A row is three cache lines: what a search reads of a stranger, what it can do, what is seldom read.
ORGANISATIONS = Table("organisations", (
    Column("uid", "u8", "identity, drives the organisation's luck; never reused"),
    Column("mask", "u8", "bit f set: holds field f; bit MAX_FIELDS + m: has access to market m"),
    Column("reputation", "f8", "[0, 1] exponential average of delivery"),
    Column("openness", "f8", "[0, 1] readiness to accept without trust"),
    Column("cluster", "i4", "row of its cluster, -1 none (a cluster organisation: its own)", 1, -1),
    Column("left", "i4", "step of death, -1 alive", 1, -1),
    Column("head", "i4", "its latest relation (row), start of its list", 1, -1),
    Column("degree", "i4", "relations it has"),
    Column("joined", "i4", "partnerships it was ever a member of (0: newcomer)"),
    Column("country", "i2", "country"),
    Column("sector", "i2", "sector"),
    Column("capacity", "i2", "most partnerships at once"),
    Column("running", "i2", "partnerships now"),
    Column("kind", "i1", "vocab.Kind"),
    Column("policy", "i1", "row of the policies table this organisation follows"),
    Column("label", "i1", "1: carries a programme's label"),
    Column("funded", "i1", "1: a programme has paid it"),
    Column("fields", "i1", "fields held, -1 where none", MAX_FIELDS_HELD, -1),
    Column("levels", "f8", "true level in (0, 1] of each field held", MAX_FIELDS_HELD),
    Column("slot", "i4", "its slot in the slot table; Mesa's unique_id"),
    Column("renew", "i4", "partnership whose team stays for its next challenge, -1 none", 1, -1),
    Column("reliability", "f8", "[0, 1] hidden chance to deliver under full trust"),
    Column("activity", "f8", "how often it starts something; log-normal, median 1"),
    Column("vision", "f8", "point in [0, 1] x [0, 1]", 2),
    Column("capital", "i8", "cents"),
    Column("born", "i4", "step of birth, negative for founders"),
    Column("seat", "i4", "its latest seat (row), start of its list of teams", 1, -1),
    Column("rebate", "f8", "[0, 1] share of its coordination that a voucher pays back"),
    Column("rebate_until", "i4", "last step in which it does"),
), line=64)

RELATIONS = Table("relations", (
    Column("a", "i4", "organisation row; uid(a) < uid(b)"),
    Column("b", "i4", "organisation row"),
    Column("trust_ab", "f8", "[0, 1] trust of a in b"),
    Column("trust_ba", "f8", "[0, 1] trust of b in a"),
    Column("next_a", "i4", "next relation in a's list, -1 end", 1, -1),
    Column("next_b", "i4", "next relation in b's list, -1 end", 1, -1),
    Column("times", "i2", "partnerships they have worked in together and left behind"),
    Column("successes", "i2", "joint successes"),
    Column("failures", "i2", "joint failures"),
    Column("first", "i2", "step of the first contact"),
    Column("last", "i2", "step of the latest contact"),
    Column("running", "i2", "partnerships they share now"),
    Column("grant", "i1", "1: born under a grant"),
))

PARTNERSHIPS = Table("partnerships", (
    Column("uid", "u8", "uid of the challenge: keys the luck of work and outcome"),
    Column("theme", "f8", "the challenge's point in the space of visions", 2),
    Column("value", "i8", "cents, paid on success"),
    Column("search_cost", "i8", "cents spent on finding partners"),
    Column("cost", "i8", "cents spent on coordination and goal building so far"),
    Column("grant_cents", "i8", "cents of public money received"),
    Column("coverage", "f8", "[0, 1] true role coverage at the start"),
    Column("promise", "f8", "[0, 1] chance of success that the members were promised"),
    Column("chance", "f8", "[0, 1] chance of success at the due date, -1 before", 1, -1),
    Column("lead", "i4", "organisation row"),
    Column("initiator", "i4", "organisation row that met the challenge"),
    Column("start", "i4", "step of formation"),
    Column("due", "i4", "step at whose end the result is known"),
    Column("ended", "i4", "step of its end, -1 running", 1, -1),
    Column("seat0", "i4", "first of its rows in seats"),
    Column("role0", "i4", "first of its rows in roles"),
    Column("seats", "i2", "seats used (members ever)"),
    Column("seat_cap", "i2", "seats reserved"),
    Column("members", "i2", "members now"),
    Column("roles", "i2", "roles"),
    Column("instrument", "i2", "instrument that funds it, -1 none", 1, -1),
    Column("reason", "i1", "vocab.Reason it ended"),
    Column("mode", "i1", "vocab.Mode"),
    Column("policy", "i1", "row of the policies table it was formed under"),
    Column("of_clusters", "i1", "1: a cluster partnership"),
    Column("market", "i1", "third market aimed at, -1 home", 1, -1),
    Column("won", "i1", "1: success, 0: not (yet)"),
    Column("orphaned", "i1", "1: a role lost its holder and waits for a replacement"),
    Column("renewal", "i1", "1: formed by renewing a team"),
))

SEATS = Table("seats", (
    Column("partnership", "i4", "row of partnerships"),
    Column("org", "i4", "organisation row"),
    Column("cost", "i8", "cents this member has paid for the partnership"),
    Column("joined", "i4", "step"),
    Column("left", "i4", "step it left, -1 member", 1, -1),
    Column("behind", "i4", "the organisation's seat before this one, -1 its first", 1, -1),
    Column("source", "i1", "vocab.Source it was found through"),
    Column("unhappy", "i1", "quarters its trust in the team has been in breach"),
    Column("newcomer", "i1", "1: its first partnership ever"),
    Column("tie0", "i4", "first of its rows in ties: one for each earlier seat of the partnership"),
    Column("refunded", "i4", "cents of its cost that a voucher paid back"),
))

TIES = Table("ties", (
    Column("rel", "i4", "relation of the members on two seats, -1: one had left before the other came"),
))

ROLES = Table("roles", (
    Column("level", "f8", "(0, 1] level required"),
    Column("holder", "i4", "organisation row, -1 nobody", 1, -1),
    Column("competence", "i1", "competence field, or MAX_FIELDS + market"),
    Column("now", "i1", "this quarter: 1 delivered, 0 failed, -1 nobody tried, -2 its holder left", 1, -1),
    Column("deliveries", "i2", "quarters in which it was delivered"),
))

CLUSTERS = Table("clusters", (
    Column("org", "i4", "row of its cluster organisation"),
    Column("first", "i4", "first of its members in the member list (rebuilt each step)"),
    Column("member_count", "i4", "members alive (rebuilt each step)"),
    Column("management", "f8", "[0, 1] quality: reliability of the cluster organisation"),
    Column("country", "i2", "country"),
    Column("sector", "i2", "lead sector"),
    Column("alive", "i1", "1: exists", 1, 1),
))

PROPOSALS = Table("proposals", (
    Column("uid", "u8", "uid of the challenge"),
    Column("contest", "u8", "uid of the contest; rivals share it"),
    Column("theme", "f8", "the challenge's point in the space of visions", 2),
    Column("levels", "f8", "levels required", MAX_ROLES),
    Column("value", "i8", "cents, paid on success"),
    Column("search_cost", "i8", "cents spent on contacts"),
    Column("promise", "f8", "[0, 1] perceived role coverage of the planned team"),
    Column("lead", "i4", "organisation row"),
    Column("initiator", "i4", "organisation row that met the challenge"),
    Column("duration", "i4", "quarters"),
    Column("contacts", "i4", "organisations approached"),
    Column("invited", "i4", "invitations made"),
    Column("declined", "i4", "invitations declined"),
    Column("members", "i4", "members planned, lead included"),
    Column("fields", "i1", "fields required", MAX_ROLES, -1),
    Column("asked", "i2", "members that the call asks for, 0: the policy's usual size"),
    Column("roles", "i1", "roles"),
    Column("market", "i1", "third market aimed at, -1 home", 1, -1),
    Column("brokered", "i1", "1: the cluster organisation introduces across bridges"),
    Column("renewal", "i1", "1: starts from a renewed team"),
    Column("of_clusters", "i1", "1: a cluster partnership"),
    Column("contested", "i1", "1: several leads compete"),
    Column("partnership", "i4", "row of the partnership that came of it, -1 lapsed", 1, -1),
))

POLICIES = Table("policies", (
    Column("weights", "f8", "weight of each score term, in the registry's order", TERMS),
    Column("scan", "i2", "profiles looked at in each source", SOURCES),
    Column("contacts", "i2", "contacts made in each source", SOURCES),
    Column("cost", "f8", "cost of a contact in each source, kEUR", SOURCES),
    Column("open", "i1", "1: this source is used", SOURCES),
    Column("enough", "f8", "coverage at which a role counts as filled"),
    Column("min_gain", "f8", "least rise in covered roles for which somebody is added"),
    Column("renew", "f8", "chance that the team stays after a success"),
    Column("p", "f8", "team assembly: chance that a slot goes to an incumbent"),
    Column("q", "f8", "team assembly: chance that it goes to a past collaborator"),
    Column("ask_all", "i1", "team assembly, 1: past collaborators of every member, 0: of one incumbent drawn"),
    Column("candidates", "i2", "most candidates over all sources, first come, 0: as many as the sources give"),
    Column("threshold", "f8", "threshold growth: least score of an acceptable partner"),
    Column("usual_size", "i4", "usual team size (fill: size)"),
    Column("max_size", "i4", "largest team"),
    Column("growth_rule", "i1", "id of the growth rule"),
    Column("fill_rule", "i1", "id of the fill rule"),
    Column("mode", "i1", "vocab.Mode"),
    Column("search", "i1", "vocab.Search: how the sources are opened"),
    Column("shared_goal", "i1", "1: build a shared goal (practice)"),
    Column("shares_by_role", "i1", "1: shares by role held (practice)"),
    Column("trusted_lead", "i1", "1: the most trusted member leads (practice)"),
    Column("sees_truth", "i1", "1: true levels and reliabilities (oracle)"),
    Column("reads", "i8", "bit k set: a term in use reads field k of rules.candidate.Candidate"),
))

EVENTS = Table("events", (
    Column("amount", "i8", "cents, or another whole number"),
    Column("step", "i4", "step"),
    Column("a", "i4", "organisation row, or -1", 1, -1),
    Column("b", "i4", "other organisation row, or -1", 1, -1),
    Column("ref", "i4", "partnership row (or relation, cluster), or -1", 1, -1),
    Column("type", "i1", "vocab.Event"),
    Column("code", "i1", "reason, source or role, by type"),
))

WHYS = Table("whys", (
    Column("uid", "u8", "uid of the challenge"),
    Column("terms", "f8", "value of each term when first scored", TERMS),
    Column("score", "f8", "score when first scored"),
    Column("org", "i4", "candidate (organisation row)"),
    Column("step", "i4", "step"),
    Column("source", "i1", "vocab.Source"),
    Column("fate", "i1", "vocab.Fate"),
))

COUNTERS = Table("counters", tuple(Column(name, "i8", text) for name, text in (
    ("organisations", "rows in use"), ("relations", "rows in use"), ("partnerships", "rows in use"),
    ("seats", "rows in use"), ("ties", "rows in use"), ("roles", "rows in use"), ("clusters", "rows in use"),
    ("bridges", "relations between two cluster organisations"),
    ("proposals", "rows in use this step"), ("events", "rows in use"), ("whys", "rows in use"),
    ("active", "running partnerships"), ("step", "step now"),
    ("cap_hits", "open-call draws given up after the cap"),
    ("slot_collisions", "births that found their slot taken"),
    ("births_refused", "births for which no slot was free"),
)))

FLOWS = Table("flows", tuple(Column(name, "i8", text, width) for name, text, width in (
    ("challenges", "challenges met", 1), ("proposals", "proposals planned", 1),
    ("lapsed", "proposals that came to nothing", 1), ("formed", "partnerships formed", 1),
    ("alone", "challenges taken on alone", 1), ("renewed", "teams renewed", 1),
    ("contacts", "organisations approached", 1), ("invited", "invitations", 1),
    ("declined", "invitations declined", 1), ("dropped", "members dropped at commit: full", 1),
    ("seats", "partner seats filled at formation", 1), ("by_source", "of them by source", SOURCES),
    ("newcomers", "of them newcomers", 1), ("pairs", "pairs of members at formation", 1),
    ("repeat_pairs", "of them had worked together", 1), ("deliveries", "roles delivered", 1),
    ("attempts", "roles attempted", 1), ("succeeded", "partnerships that succeeded", 1),
    ("failed", "partnerships that failed at the due date", 1), ("broken", "ended before the due date", 1),
    ("left", "members that left", 1), ("born", "organisations born", 1), ("died", "organisations that died", 1),
    ("value", "cents of value created", 1), ("search", "cents spent on search", 1),
    ("coordination", "cents spent on coordination", 1), ("goal", "cents spent on goal building", 1),
    ("income", "cents of home income", 1), ("born_capital", "cents brought by the newborn", 1),
    ("lost_capital", "cents taken away by the dead", 1),
    ("grants", "cents of public money paid to organisations", 1),
    ("programme", "cents organisations spent on what programmes support", 1),
    ("administration", "cents programmes spent on running themselves", 1),
)))
