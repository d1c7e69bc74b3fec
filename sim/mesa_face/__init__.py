"""Mesa is a face: the engine's world looks like a Mesa model with agents, and costs no objects.

The tables own the data. An agent here is a view of one row, made when somebody asks for it; a set
of agents is an array of row numbers. `CollaborationModel.step` lets the engine do one quarter, so
a model stepped here gives the bits that the engine gives.
"""

from sim.mesa_face.agents import (
    ClusterAgent,
    LargeFirmAgent,
    OrganisationAgent,
    PublicAgent,
    ResearchAgent,
    SMEAgent,
)
from sim.mesa_face.agentset import RowSet
from sim.mesa_face.model import CollaborationModel

__all__ = [
    "ClusterAgent",
    "CollaborationModel",
    "LargeFirmAgent",
    "OrganisationAgent",
    "PublicAgent",
    "ResearchAgent",
    "RowSet",
    "SMEAgent",
]
