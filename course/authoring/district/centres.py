"""The 14 CSPS and the CMA of the district: the table `formations_sanitaires`, on which all others stand."""

from __future__ import annotations

from dataclasses import dataclass

from course.authoring.district.table import Row

NEAR, FAR = 10, 20
"""Kilometres to the CMA: near up to 10, far beyond 20."""


@dataclass(frozen=True, slots=True)
class Centre:
    """One health centre. Every name is invented.

    Attributes:
        id: `FS01` … `FS15`.
        name: Where it stands.
        kind: `CSPS` or `CMA`.
        population: People of its area, displaced people counted.
        distance: Kilometres to the CMA by road.
        access: In the rainy season: `praticable`, `difficile` or `coupé`.
        power: `réseau`, `solaire` or `aucune`.
        nurses: Nurses who see patients.
        midwives: Midwives, men and women.
        agents: Community health workers (ASBC).
        houses: Staff houses that can be lived in; None when nobody knows.
    """

    id: str
    name: str
    kind: str
    population: int
    distance: int
    access: str
    power: str
    nurses: int
    midwives: int
    agents: int
    houses: int | None

    @property
    def near(self) -> bool:
        """At most 10 km from the CMA."""
        return self.distance <= NEAR

    @property
    def far(self) -> bool:
        """More than 20 km from the CMA."""
        return self.distance > FAR


# FS11, FS12 and FS14 hold 40 % of the people whose centre is beyond 10 km. FS13 has no house; of FS08 nobody knows.
CENTRES = (
    Centre("FS01", "Laogotin", "CSPS", 13_164, 4, "praticable", "réseau", 2, 2, 6, 3),
    Centre("FS02", "Wobgoré", "CSPS", 15_587, 7, "praticable", "réseau", 3, 2, 6, 3),
    Centre("FS03", "Nongtaaba", "CSPS", 14_326, 9, "praticable", "solaire", 2, 1, 6, 2),
    Centre("FS04", "Pagbilgo", "CSPS", 16_233, 12, "praticable", "réseau", 2, 2, 8, 3),
    Centre("FS05", "Bendgoudou", "CSPS", 12_781, 13, "difficile", "solaire", 2, 1, 8, 2),
    Centre("FS06", "Zamtaoré", "CSPS", 17_912, 14, "praticable", "solaire", 3, 2, 8, 3),
    Centre("FS07", "Dassimpouko", "CSPS", 13_745, 16, "difficile", "solaire", 2, 1, 8, 2),
    Centre("FS08", "Sankuitenga", "CSPS", 15_068, 17, "difficile", "solaire", 2, 1, 8, None),
    Centre("FS09", "Yirboulé", "CSPS", 14_597, 19, "difficile", "solaire", 2, 1, 8, 1),
    Centre("FS10", "Nabonswendé", "CSPS", 11_400, 21, "coupé", "aucune", 1, 1, 6, 1),
    Centre("FS11", "Guirbatenga", "CSPS", 25_183, 24, "coupé", "solaire", 2, 1, 12, 1),
    Centre("FS12", "Pelgotenga", "CSPS", 24_371, 27, "coupé", "solaire", 2, 1, 12, 1),
    Centre("FS13", "Koroblaso", "CSPS", 12_874, 31, "coupé", "aucune", 1, 1, 8, 0),
    Centre("FS14", "Samandjo", "CSPS", 26_842, 36, "coupé", "aucune", 2, 1, 12, 1),
    Centre("FS15", "Tansobré", "CMA", 34_029, 0, "praticable", "réseau", 16, 7, 4, 8),
)
CSPS = tuple(centre for centre in CENTRES if centre.kind == "CSPS")
HOSTS = frozenset({"FS11", "FS12", "FS14"})
"""The three large, far centres where most displaced people settled."""


def rows() -> list[Row]:
    """The table `formations_sanitaires`."""
    return [
        {
            "fs_id": centre.id,
            "nom": centre.name,
            "type": centre.kind,
            "population_aire": centre.population,
            "distance_cma_km": centre.distance,
            "acces_saison_pluies": centre.access,
            "electricite": centre.power,
            "infirmiers": centre.nurses,
            "sages_femmes": centre.midwives,
            "asbc": centre.agents,
            "logements": centre.houses,
        }
        for centre in CENTRES
    ]
