"""What people say, what is promised to them and who has a say: the survey, the commitments and the actors."""

from __future__ import annotations

from datetime import date, timedelta

from course.authoring.district.table import Draws, Row, yes
from course.authoring.district.territory import CENTRES, HOSTS, Centre

_WAVES = ("2025-03", "2025-06", "2025-09", "2025-12")
_PER_WAVE = 7
_SPOKEN_BY_STAFF = frozenset({"mooré", "dioula"})
_LANGUAGES = {
    True: {"mooré": 40, "dioula": 8, "fulfuldé": 38, "gourmantchéma": 14},
    False: {"mooré": 71, "dioula": 18, "fulfuldé": 8, "gourmantchéma": 3},
}
"""By displaced or not."""
_AGES = {"15 à 24 ans": 26, "25 à 39 ans": 41, "40 à 59 ans": 23, "60 ans et plus": 10}

# Index: how many of « displaced » and « speaks none of the staff's languages » are true of a person.
_WELCOME = ({5: 60, 4: 32, 3: 7, 2: 1}, {5: 20, 4: 34, 3: 28, 2: 14, 1: 4}, {5: 7, 4: 20, 3: 34, 2: 26, 1: 13})
_EXPLAINED = ({5: 42, 4: 37, 3: 15, 2: 5, 1: 1}, {5: 9, 4: 22, 3: 35, 2: 24, 1: 10}, {5: 3, 4: 9, 3: 27, 2: 36, 1: 25})
_DECIDED = (0.53, 0.26, 0.11)
_BACK = (0.95, 0.8, 0.68)


def survey_rows() -> list[Row]:
    """The table `enquete_satisfaction`: 28 forms a centre, one of them typed twice in the place of another."""
    draws = Draws(303)
    table: list[Row] = []
    for wave in _WAVES:
        for centre in CENTRES:
            table += [_form(draws, centre, wave) for _ in range(_forms(centre, wave))]
    for number, form in enumerate(table, 1):
        form["id"] = f"E{number:03}"
    _spoil_survey(draws, table)
    return table


def _forms(centre: Centre, wave: str) -> int:
    """FS13 had no interviewer in September and made up for it in December."""
    if centre.id == "FS13" and wave in _WAVES[2:]:
        return 0 if wave == _WAVES[2] else 2 * _PER_WAVE
    return _PER_WAVE


def _form(draws: Draws, centre: Centre, wave: str) -> Row:
    share = 0.42 if centre.id in HOSTS else 0.24 if centre.id in {"FS10", "FS15"} else 0.09
    displaced = draws.chance(share)
    language = draws.weighted(_LANGUAGES[displaced])
    strange = displaced + (language not in _SPOKEN_BY_STAFF)
    disabled = draws.chance(0.07)
    welcome = draws.weighted(_WELCOME[strange])
    explained = draws.weighted(_EXPLAINED[strange])
    wait = 45 + 8 * (strange > 0) + (35 if centre.kind == "CMA" else 20 if centre.id in HOSTS else 0)
    form: Row = {
        "id": None,
        "fs_id": centre.id,
        "mois": wave,
        "sexe": "F" if draws.chance(0.63) else "M",
        "tranche_age": draws.weighted(_AGES),
        "pdi": yes(displaced),
        "handicap": yes(disabled),
        "langue": language,
        "attente_min": 5 * max(1, round(draws.around(wait, wait * 0.4) / 5)),
        "accueil_1_5": welcome,
        "explication_1_5": explained,
        "decision_partagee": yes(draws.chance(_DECIDED[strange] * (0.7 if disabled else 1.0))),
        "revient": yes(draws.chance(_BACK[strange])),
    }
    return form | {"commentaire": draws.pick(_remarks(form)) if draws.chance(0.4) else None}


def _spoil_survey(draws: Draws, table: list[Row]) -> None:
    """Insert the defects that the codebook lists."""
    for form in table:
        if form["fs_id"] == "FS11" and form["mois"] == "2025-06":
            form["attente_min"] = 0  # the question was not asked
    others = [form for form in table if form["attente_min"]]
    for form in draws.shuffled(others)[:9]:
        form["attente_min"] = None
    first, second = table[213], table[214]  # E214 and E215, of the same centre and wave
    second.update({column: value for column, value in first.items() if column != "id"})


# The remarks of the survey

_CONTENT = (
    "Bon accueil, rien à redire.",
    "L’accueil est chaleureux, même sans rendez-vous.",
    "On a répondu à toutes mes questions.",
    "Le personnel est patient.",
    "J’ai compris comment prendre le traitement.",
    "Merci pour le suivi.",
    "Le centre est propre et calme.",
    "On m’a dit pourquoi je devais revenir.",
    "Le traitement était disponible le jour même.",
    "On a laissé entrer la personne qui m’accompagne.",
    "La vaccination se passe bien ici.",
    "Ma famille vient toujours ici.",
    "Ils écoutent avant de parler.",
    "On m’a montré les gestes à faire à la maison.",
    "L’agent du village m’avait donné le bon conseil.",
    "Continuez ainsi.",
)
_MIXED = (
    "Il manque des bancs à l’ombre.",
    "Il n’y avait plus de comprimés, il a fallu en acheter ailleurs.",
    "Le centre devrait ouvrir plus tôt.",
    "J’ai eu des soins, mais je n’ai pas bien compris la suite.",
    "Il faudrait un abri pour la nuit des accompagnants.",
    "Trop de monde le jour du marché.",
    "Il faudrait de l’eau dans la cour.",
    "Le soignant ne peut pas tout faire, il faut du renfort.",
    "Je voulais parler en privé, il y avait du monde dans la salle.",
    "On m’a parlé de l’ordonnance, pas de la maladie.",
    "La route est coupée quand il pleut.",
    "Le transport coûte plus que les soins.",
    "Il n’y a pas de lumière le soir.",
    "J’aurais voulu que ma famille puisse rester.",
)
_UNHAPPY = (
    "On m’a fait passer après les autres.",
    "Je n’ai pas compris ce que j’ai.",
    "Je ne sais toujours pas quand revenir.",
    "On a crié sur moi à cause du retard.",
    "On m’a dit de revenir, je n’ai pas de quoi payer le transport.",
    "Je n’ai pas osé poser de question.",
    "La consultation a duré deux minutes.",
    "On m’a mal parlé.",
)
_LANGUAGE = (
    "Personne ne parle ma langue, j’ai fait des signes.",
    "Une voisine a traduit, je n’ai pas tout dit.",
    "Un enfant a traduit pour moi, j’avais honte.",
    "On a ri de ma façon de parler.",
    "Il faudrait quelqu’un qui traduise.",
    "J’ai répété trois fois, puis j’ai laissé.",
)
_DISPLACED = (
    "On m’a demandé d’où je venais devant tout le monde.",
    "On m’a fait repartir chercher une carte que je n’ai plus.",
    "On dit que les soins sont gratuits pour nous, on m’a fait payer.",
    "Nous sommes loin, et nous passons après ceux d’ici.",
)
_DISABLED = ("La rampe manque, il a fallu me porter.", "Les latrines ne sont pas faites pour moi.")
_WAITED = ("L’accueil est bon, l’attente est trop longue.", "L’attente est longue, les enfants ont faim.")
_UNASKED = ("On ne m’a rien demandé, on m’a donné l’ordonnance.", "On a décidé sans moi.")
_ASKED = ("On m’a laissé choisir le jour du prochain rendez-vous.", "On m’a demandé mon avis sur le traitement.")


def _remarks(form: Row) -> tuple[str, ...]:
    """The _remarks that agree with the rest of a form of the survey, so that no comment denies its own line."""
    score = int(form["accueil_1_5"] or 0) + int(form["explication_1_5"] or 0)
    decided = form["decision_partagee"] == "oui"
    if score >= 9:
        return _CONTENT + (_ASKED if decided else ())
    chosen: tuple[str, ...] = _MIXED if score > 5 else _UNHAPPY
    reasons = (
        (form["langue"] in {"fulfuldé", "gourmantchéma"}, _LANGUAGE),
        (form["pdi"] == "oui", _DISPLACED),
        (form["handicap"] == "oui", _DISABLED),
        (int(form["attente_min"] or 0) >= 75 and score > 5, _WAITED),
        (not decided, _UNASKED),
    )
    for holds, more in reasons:
        chosen += more if holds else ()
    return chosen


# Commitments

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


def commitment_rows() -> list[Row]:
    """The table `journal_redevabilite`, in the order of dates; one line was typed twice."""
    draws = Draws(808)
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


# Actors

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


def actor_rows() -> list[Row]:
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
