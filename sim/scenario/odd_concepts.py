"""The eleven design concepts of the ODD protocol (Grimm et al. 2020), in their order."""

from __future__ import annotations

CONCEPTS = (
    ("Basic principles",
     "Partners are resources with a price: finding them, trusting them and coordinating them. A policy decides whom a "
     "lead mobilises and how the partners then work; reach, fit and practice are separate."),
    ("Emergence",
     "Repeat ties, newcomers, skewed participation, lock-in and bridges arise from search, trust, learning and "
     "parting; "
     "none of them is a rule."),
    ("Adaptation",
     "A lead plans the team with the best score among those it can see, replaces who declines, and opens further "
     "sources "
     "where its policy says so; members leave a team that they no longer trust or that costs too much."),
    ("Objectives",
     "A lead's objective is its policy's score (a weighted sum of terms); an invitee's is its expected share "
     "against its "
     "expected cost, tempered by trust and openness. Nobody maximises net value, by which policies are compared."),
    ("Learning", "Trust, reputation, openness and competences change with experience; policies do not."),
    ("Prediction",
     "Invitees judge the planned team by its perceived coverage and their expected share and cost, as if every role "
     "were delivered."),
    ("Sensing",
     "Levels of others are seen with blur that falls with familiarity, in the own cluster and through good brokers; "
     "reliability is seen only as reputation."),
    ("Interaction",
     "Invitations, joint work, referrals through partners, introductions through cluster organisations; rivalry for "
     "contested challenges and for partners' capacity."),
    ("Stochasticity",
     "Every draw is a function of seed, purpose, quarter and who is concerned: the same firm meets the same "
     "challenge and "
     "delivers with the same luck under every policy."),
    ("Collectives", "Clusters (given) and partnerships (formed and ended by the members)."),
    ("Observation",
     "Flows and states after every quarter, outcomes over the compared quarters, on request an event log with "
     "the reasons "
     "of each formation; observing changes nothing."),
)
