"""Who has a say in the district, and where: the table `parties_prenantes`."""

from __future__ import annotations

from course.authoring.district.table import Row

_BODIES = {
    "CSD": "Conseil de santé du district",
    "ECD": "Équipe cadre élargie",
    "COGES": "Union des COGES",
    "CMA": "Comité de gestion du CMA",
    "EPI": "Comité de lutte contre les épidémies",
    "PTF": "Cadre des partenaires",
    "GRA": "Comité de suivi de la gratuité",
    "MUN": "Commission santé des communes",
    "ACT": "Comité intersectoriel",
    "": None,
}
# actor; sector; role; influence; interest; body; women in per cent (None unknown); speaks for the users
_ACTORS: tuple[tuple[str, str, str, int, int, str, int | None, str], ...] = (
    ("Médecin-chef du district", "santé", "préside et arbitre", 5, 5, "CSD", 0, "non"),
    ("Préfecture", "administration", "convoque et tranche", 5, 2, "CSD", 0, "non"),
    ("Représentant des ICP", "santé", "rend compte des CSPS", 3, 5, "CSD", 21, "non"),
    ("Partenaire A", "partenaires", "finance le paludisme", 4, 3, "CSD", 25, "non"),
    ("Gestionnaire du district", "santé", "tient le budget", 4, 4, "ECD", 0, "non"),
    ("Responsable de l’information sanitaire", "santé", "tient les données", 3, 4, "ECD", 0, "non"),
    ("Responsable de la santé communautaire", "santé", "suit les ASBC", 3, 5, "ECD", 100, "non"),
    ("Pharmacien du dépôt du district", "santé", "approvisionne les centres", 3, 4, "ECD", None, "non"),
    ("Présidents des COGES", "communauté", "gèrent les fonds des centres", 3, 5, "COGES", 14, "non"),
    ("Trésoriers des COGES", "communauté", "tiennent les caisses", 3, 4, "COGES", 7, "non"),
    ("Déléguées des femmes aux COGES", "communauté", "portent la parole des usagères", 2, 5, "COGES", 100, "oui"),
    ("Direction du CMA", "santé", "dirige l’hôpital", 4, 4, "CMA", 20, "non"),
    ("Major des services de soins", "santé", "organise les soins", 3, 4, "CMA", 50, "non"),
    ("Représentant du personnel du CMA", "santé", "défend le personnel", 2, 3, "CMA", 33, "non"),
    ("Service de l’élevage", "élevage", "signale les maladies animales", 3, 3, "EPI", 10, "non"),
    ("Service de l’environnement", "environnement", "suit l’eau et les déchets", 2, 2, "EPI", 15, "non"),
    ("Chargé de la surveillance", "santé", "vérifie les alertes", 3, 5, "EPI", 0, "non"),
    ("Radio locale", "médias", "diffuse les messages", 3, 3, "EPI", 30, "non"),
    ("Partenaire B", "partenaires", "finance la vaccination", 4, 3, "PTF", 40, "non"),
    ("Partenaire C", "partenaires", "finance la nutrition", 3, 4, "PTF", 50, "non"),
    ("Partenaire D", "partenaires", "finance le VIH et la tuberculose", 4, 3, "PTF", 45, "non"),
    ("Partenaire E", "partenaires", "équipe l’hôpital", 4, 2, "PTF", 0, "non"),
    ("Collectif des malades chroniques", "communauté", "parle pour les malades suivis", 2, 5, "GRA", 60, "oui"),
    ("Vérificateurs de la gratuité", "santé", "contrôlent les factures", 3, 3, "GRA", 25, "non"),
    ("Maires", "collectivités", "votent l’entretien des centres", 4, 3, "MUN", 8, "non"),
    ("Conseillers chargés de la santé", "collectivités", "préparent les décisions", 2, 4, "MUN", 22, "non"),
    ("Action sociale", "action sociale", "suit les personnes vulnérables", 2, 4, "ACT", 55, "non"),
    ("Inspection de l’éducation", "éducation", "relaie dans les écoles", 3, 3, "ACT", 35, "non"),
    ("Chefs coutumiers et religieux", "communauté", "mobilisent et apaisent", 4, 3, "ACT", 0, "non"),
    ("Tradipraticiens", "médecine traditionnelle", "soignent en premier recours", 3, 3, "", 30, "non"),
    ("Groupes de personnes déplacées", "communauté", "demandent l’accès aux soins", 1, 5, "", 65, "oui"),
    ("Association de personnes handicapées", "communauté", "demande l’accessibilité", 1, 5, "", 48, "oui"),
    ("Cabinet de soins privé", "secteur privé", "soigne contre paiement", 2, 2, "", None, "non"),
    ("Groupes de pairs des malades", "communauté", "s’entraident et s’informent", 1, 5, "", 58, "oui"),
    ("Inspection de l’enseignement", "éducation", "relaie dans les écoles", 3, 3, "ACT", 35, "non"),
)


def rows() -> list[Row]:
    """The table `parties_prenantes`: 34 actors, one of them under two names."""
    return [
        {
            "acteur": actor,
            "secteur": sector,
            "role": role,
            "influence_1_5": influence,
            "interet_1_5": interest,
            "instance": _BODIES[body],
            "femmes_pct": women,
            "represente_usagers": users,
        }
        for actor, sector, role, influence, interest, body, women, users in _ACTORS
    ]
