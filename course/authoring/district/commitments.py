"""What centres, communes and communities promised each other in public: the table `journal_redevabilite`."""

from __future__ import annotations

from datetime import date, timedelta

from course.authoring.district.centres import CENTRES
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row, yes

SEED = 808
_FIRST, _LAST = date(2024, 2, 1), date(2025, 11, 20)
_CLOSED = date(2025, 12, 31)
_POSTED = (41, 30)  # commitments whose end is known, and those kept among them
_UNPOSTED = (32, 12)
_OPEN = 6  # nobody has looked yet, or the term is still to come
_PROMISES = {
    "équipe du CSPS": (
        "Ouvrir la consultation à 7 h 30 tous les jours ouvrés",
        "Afficher les tarifs et la liste des soins gratuits",
        "Tenir une permanence de nuit annoncée à l’avance",
        "Recevoir d’abord les femmes enceintes arrivées avant 8 h",
        "Trouver un interprète volontaire pour les consultations du mardi",
        "Séparer l’attente des enfants malades et celle des vaccinations",
        "Rendre compte au COGES des ruptures de médicaments",
        "Poser un paravent dans la salle de soins",
        "Expliquer chaque ordonnance avant la sortie",
        "Faire une sortie de vaccination par mois dans le village le plus loin",
    ),
    "COGES": (
        "Réparer la pompe du forage du centre",
        "Construire un hangar pour l’attente",
        "Présenter les comptes du trimestre en assemblée",
        "Payer le gardien à date fixe",
        "Acheter trois lampes solaires pour la salle d’accouchement",
        "Compléter la caisse qui aide à payer le transport",
        "Inviter deux femmes et un jeune à chaque réunion",
        "Clôturer la cour du centre",
    ),
    "commune": (
        "Remettre la piste en état avant les pluies",
        "Verser la subvention d’entretien du centre",
        "Fournir deux logements pour le personnel",
        "Installer des latrines avec une rampe",
        "Prendre en charge le carburant du tricycle",
        "Inscrire le centre au plan communal d’électrification",
    ),
    "équipe cadre du district": (
        "Livrer les carnets de santé manquants",
        "Affecter un deuxième infirmier",
        "Passer en supervision avant la fin du trimestre",
        "Répondre par écrit aux plaintes reçues",
        "Réparer la moto de la stratégie avancée",
        "Rembourser les soins gratuits du trimestre",
    ),
    "habitants": (
        "Curer les caniveaux autour du centre",
        "Prévenir le centre avant chaque fête pour la vaccination",
        "Accompagner les femmes enceintes au centre dès le début du travail",
        "Cotiser pour le transport d’urgence",
        "Balayer la cour à tour de rôle",
    ),
}


def rows() -> list[Row]:
    """The table `journal_redevabilite`, in the order of dates; one line was typed twice."""
    draws = Draws(SEED)
    ends = [(True, number < _POSTED[1]) for number in range(_POSTED[0])]
    ends += [(False, number < _UNPOSTED[1]) for number in range(_UNPOSTED[0])]
    table = [_commitment(draws, posted, kept) for posted, kept in draws.shuffled(ends)]
    table += [_commitment(draws, number % 2 == 0, None) for number in range(_OPEN)]
    table.sort(key=lambda row: str(row["date"]))
    table.insert(41, dict(table[40]))  # J042 is J041 again
    for number, row in enumerate(table, 1):
        row["id"] = f"J{number:02}"
    posted = [row for row in table[:20] if row["date_affichage"]]
    wrong = posted[3]  # posted, says the book, two months before it was promised
    wrong["date_affichage"] = (date.fromisoformat(str(wrong["date"])) - timedelta(days=60)).isoformat()
    return table


def _commitment(draws: Draws, posted: bool, kept: bool | None) -> Row:
    last = _LAST if kept is None else _CLOSED - timedelta(days=200)
    first = date(2025, 8, 1) if kept is None else _FIRST
    day = first + timedelta(days=draws.integer(0, (last - first).days))
    who = draws.weighted(
        {"équipe du CSPS": 34, "COGES": 24, "commune": 14, "équipe cadre du district": 16, "habitants": 12}
    )
    term = draws.pick((30, 60, 90, 180))
    shown = day + timedelta(days=draws.integer(0, 12))
    return {
        "id": None,
        "fs_id": draws.pick(CENTRES).id,
        "date": day.isoformat(),
        "engagement": draws.pick(_PROMISES[who]),
        "pris_par": who,
        "echeance": (day + timedelta(days=term)).isoformat(),
        "tenu": None if kept is None else yes(kept),
        "date_affichage": shown.isoformat() if posted else None,
    }
