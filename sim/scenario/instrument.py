"""A public programme as plain text: one instrument, when, for whom, with how much money."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from sim.scenario.fields import Strict
from sim.scenario.names import Known, SafeName
from sim.vocab import Kind

if TYPE_CHECKING:
    from sim.instruments.common.programme import Programme

Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0, le=1e7)]
CENTS = 100_000


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Numbers = Annotated[tuple[int, ...], BeforeValidator(_tuple)]
Span = Annotated[tuple[int, int], BeforeValidator(_tuple)]


class Applicants(Strict):
    """Who may apply (and, for a voucher or events, who takes part)."""

    kind: Annotated[str, Known("kind")] | None = Field(
        None, description="Kind of organisation that applies; default: cluster_organisation, for a voucher sme."
    )
    countries: Numbers = Field((), description="Only from these countries, counted from 0; empty: all.")
    sectors: Numbers = Field((), description="Only from these sectors, counted from 0; empty: all.")
    clusters: Numbers = Field((), description="Only of these clusters, counted from 0; empty: all.")
    label: bool = Field(False, description="Only who carries a label.")
    together: bool = Field(
        False, description="The clusters of eligibility.only_clusters apply as one consortium that stands already: all "
        "of them who are free, nobody is searched or asked.")


class Eligibility(Strict):
    """What a consortium must be."""

    members: Span = Field((2, 12), description="Fewest and most members.")
    only_clusters: Numbers = Field(
        (), description="Members only from these clusters, counted from 0; empty: from any. A closed call: nobody "
        "else applies or is asked.")
    countries: int = Field(1, ge=1, le=100, description="Fewest countries among the members.")
    clusters: int = Field(1, ge=0, le=100, description="Fewest clusters among the members.")
    sectors: int = Field(1, ge=1, le=56, description="Fewest sectors among the members.")
    sme_share: Share = Field(
        0.0, description="Least share of SMEs among the members; looked at when the team stands.")
    newcomers: Share = Field(0.0, description="Least share of members that no programme has paid before.")
    new_pairs: Share = Field(
        0.0, description="Least share of pairs that have never worked together; looked at when the team stands.")


class Instrument(Strict):
    """One instrument of a programme.

    Parameters
    ----------
    name, kind, text, source : what it is called, which instrument it is, a sentence, where its numbers come from.
    start, end : first and last quarter of the comparison in which it acts; money is paid between them.
    budget, grant, project_grant : kEUR in all, at most for each consortium, at most for each small project.
    co_funding : share of eligible cost that is paid.
    quota, reserve, applications : limits on how many are funded, go on without money, apply.
    """

    name: SafeName = Field(description="Name of the instrument.")
    kind: Annotated[str, Known("instrument")] = Field(description="Which instrument; mobilise rules instruments.")
    text: str = Field("", description="One plain sentence.")
    source: str = Field("assumed", description="Where its numbers come from.")
    start: int = Field(ge=1, le=400, description="First quarter of the comparison in which it acts, 1 is the first.")
    end: int = Field(ge=1, le=400, description="Last quarter in which it acts and pays.")
    budget: Money = Field(0.0, description="kEUR of public money in all.")
    grant: Money = Field(0.0, description="kEUR a consortium gets at most.")
    project_grant: Money = Field(0.0, description="kEUR a small project gets at most (demonstrator).")
    co_funding: Share = Field(1.0, description="Share of the eligible cost that the programme pays.")
    quota: int = Field(
        0, ge=0, le=100_000, description="Most consortia funded (or labelled); 0: no limit but the budget."
    )
    reserve: int = Field(0, ge=0, le=100_000, description="Eligible consortia beyond that go on without money.")
    applications: int = Field(0, ge=0, le=100_000, description="Most applicants; 0: everyone who may.")
    applicants: Applicants = Field(default_factory=Applicants, description="Who may apply.")
    eligibility: Eligibility = Field(default_factory=Eligibility, description="What a consortium must be.")
    selection: Annotated[str, Known("selection")] = Field(
        "coverage", description="Who is best: coverage of roles, trust among members, variety of countries and "
        "sectors, or a lottery.")
    policy: str | None = Field(
        None, description="Built-in policy by which applicants find their partners; default: their own.")
    markets: Numbers = Field((), description="Third markets aimed at, counted from 0.")
    after: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = Field(
        (), description="Instruments whose consortia may apply, once they have written a strategy and ended.")
    pass_through: Share = Field(0.0, description="Share of a consortium's grant that goes on to small projects.")
    share: Share = Field(0.0, description="Least share of newcomers in funded consortia (newcomer_quota).")
    pays: Annotated[str, Known("pays")] = Field("search", description="What a voucher pays a share of.")
    meetings: int = Field(0, ge=0, le=100_000, description="Meetings a quarter (matchmaking).")

    def canonical(self) -> dict[str, Any]:
        """Return what the instrument does, without its prose."""
        content = self.model_dump(mode="json", exclude={"text", "source"})
        return {key: content[key] for key in sorted(content)}


def programmes(instruments: Sequence[Instrument], money: bool, policy_row: Any) -> tuple[Programme, ...]:
    """Return the instruments as the engine takes them, in the order in which they act: by start, then by name.

    Parameters
    ----------
    money : False: they label instead of paying. policy_row : function of a policy's name to its row.
    """
    ordered = sorted(instruments, key=lambda one: (one.start, one.name))
    number = {one.name: k for k, one in enumerate(ordered)}
    return tuple(_programme(one, number, money, policy_row) for one in ordered)


def _programme(one: Instrument, number: dict[str, int], money: bool, policy_row: Any) -> Programme:
    from sim.instruments.common.programme import Applicants as Who
    from sim.instruments.common.programme import Eligibility as What
    from sim.instruments.common.programme import Programme

    who = one.applicants
    same = {key: getattr(one, key) for key in ("name", "kind", "quota", "reserve", "applications", "selection",
                                               "markets", "pass_through", "share", "pays", "meetings")}
    cents = {key: round(getattr(one, key) * CENTS) for key in ("budget", "grant", "project_grant")}
    return Programme(
        number=number[one.name], start=one.start - 1, end=one.end - 1, rate=Fraction(repr(one.co_funding)),
        money=money, applicants=Who(int(Kind[kind_of(one).upper()]), who.countries, who.sectors, who.clusters,
                                    who.label, who.together),
        eligibility=What(**one.eligibility.model_dump()),
        after=tuple(number[name] for name in one.after if name in number),
        policy=policy_row(one.policy) if one.policy else None, **same, **cents)


def kind_of(one: Instrument) -> str:
    """Return the kind of organisation that applies."""
    return one.applicants.kind or ("sme" if one.kind == "voucher" else "cluster_organisation")

