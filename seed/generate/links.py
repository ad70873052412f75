"""How two offices hold together: who carries the link, on which line, on what paper, and how it went."""

from dataclasses import dataclass

from seed.generate.draw import Draw
from seed.generate.world import Office, Record, World, ago, slug, verified

USES: dict[str, tuple[str, ...]] = {
    "vertical": ("info_sharing", "joint_case", "referral_sent", "referral_received", "training", "task_team_seat"),
    "neighbours": ("referral_sent", "referral_received", "joint_case", "info_sharing", "mou_sop"),
    "task_team": ("task_team_seat", "info_sharing", "joint_case", "training"),
    "referral": ("referral_sent", "referral_received", "info_sharing", "joint_case", "mou_sop", "training"),
    "oversight": ("funding", "mou_sop", "info_sharing", "referral_received", "training"),
    "member": ("info_sharing", "training", "referral_sent", "referral_received"),
}
"""What links of each sort are used for; the first uses are the common ones."""

HOW_MANY_CARRIERS = {0: 0.04, 1: 0.5, 2: 0.43, 3: 0.03}
HOW_MANY_FACTS = {0: 0.62, 1: 0.3, 2: 0.06, 3: 0.02}
FREQUENCY = {"daily": 0.05, "weekly": 0.25, "monthly": 0.35, "quarterly": 0.2, "rarely": 0.15}
SUPPORT = {"high": 0.4, "medium": 0.35, "low": 0.25}
RESPONSE = {"acted": 0.5, "slow": 0.25, "poor": 0.13, "none": 0.12}


@dataclass(frozen=True)
class Pair:
    a: Office
    b: Office
    sort: str


class Links:
    """Adds links; a pair is joined once, in whichever direction it was met first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Draw("links")
        self._joined: set[frozenset[str]] = set()

    def add(self, pair: Pair) -> str | None:
        """The link's key; None if the two are joined already or are one."""
        ends = frozenset((pair.a.key, pair.b.key))
        if len(ends) < 2 or ends in self._joined:
            return None
        self._joined.add(ends)
        uses = self._uses(pair.sort)
        carriers = self._carriers("a", pair.a, uses) + self._carriers("b", pair.b, uses)
        channels = self._channels("a", pair.a) + self._channels("b", pair.b)
        return self._world.add(
            "links",
            self.key(pair),
            a=pair.a.reference,
            b=pair.b.reference,
            link_types=uses,
            carriers=carriers or None,
            channels=channels or None,
            memorandum=self._memorandum("mou_sop" in uses),
            facts=self._facts() or None,
            last_confirmed_at=verified(self._draw),
        )

    def key(self, pair: Pair) -> str:
        names = [slug(office.key.split("-", 1)[1])[:20].strip("-") for office in (pair.a, pair.b)]
        return self._world.free_key("links", f"lnk-{names[0]}--{names[1]}")

    def claim(self, a: Office, b: Office) -> None:
        """Keeps a pair for a link that is written by hand."""
        self._joined.add(frozenset((a.key, b.key)))

    def _uses(self, sort: str) -> list[str]:
        pool = USES[sort]
        uses = [use for rank, use in enumerate(pool) if self._draw.chance(0.7 / (1 + 0.45 * rank))]
        return uses or [pool[0]]

    def _carriers(self, end: str, office: Office, uses: list[str]) -> list[Record]:
        chosen = self._draw.some(office.carriers, self._draw.weighted(HOW_MANY_CARRIERS))
        if office.former and self._draw.chance(0.15):
            chosen.append(self._draw.pick(office.former))
        return [{"end": end, "focal_point": key, "link_types": self._carried(uses)} for key in chosen]

    def _carried(self, uses: list[str]) -> list[str]:
        if self._draw.chance(0.55):
            return uses
        return [use for use in uses if self._draw.chance(0.6)] or uses[:1]

    def _channels(self, end: str, office: Office) -> list[Record]:
        if not office.lines or not self._draw.chance(0.6):
            return []
        return [{"end": end, "channel": self._draw.pick(office.lines)}]

    def _memorandum(self, on_paper: bool) -> Record | None:
        if not self._draw.chance(0.75 if on_paper else 0.08):
            return None
        signed = self._draw.between(40, 2200)
        if self._draw.chance(0.4):
            return {"signed": ago(signed)}
        return {"signed": ago(signed), "expires": ago(signed - self._draw.pick([730, 1095, 1825]))}

    def _facts(self) -> list[Record]:
        days = 0
        facts: list[Record] = []
        for _ in range(self._draw.weighted(HOW_MANY_FACTS)):
            days += self._draw.between(5, 240)
            facts.append(
                {
                    "on": ago(days),
                    "frequency": self._draw.weighted(FREQUENCY),
                    "support_level": self._draw.weighted(SUPPORT),
                    "response": self._draw.weighted(RESPONSE),
                }
            )
        return facts
