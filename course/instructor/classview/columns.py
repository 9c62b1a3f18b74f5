"""The columns of the class's tables, and what each of them says, for who opens them in a year."""

from __future__ import annotations

import re

from course.core import rubric
from course.core.rubric import Criterion

PILOT = ("responsable", "échéance", "indicateur")


def short(criterion: Criterion) -> str:
    """What a criterion looks at, in a few words: its title as far as the first colon."""
    return re.split(r"\s*:", criterion.title)[0]


LEVELS = {f"{criterion.id} {short(criterion).lower()}": criterion for criterion in rubric.load()}
"""The criteria, by the heading of their column."""

COPY = {
    "copie": "Le nom du groupe, ou celui du stagiaire qui a travaillé seul. Un groupe n’apparaît qu’une fois.",
    "membres": "Ceux dont c’est la copie.",
    "identifiants": "Leurs identifiants, ceux de la liste « stagiaires.csv » et de nbgrader.",
}
PLACE = {
    "but": "Le but de la stratégie mondiale, de 1 à 5.",
    "objectif": "L’objectif, de 1.1 à 5.5 : un canevas chacun.",
    "titre de l’objectif": "Son intitulé.",
}
MARKS = {
    "complétude sur 6": "La part automatique de la note : les options traitées, comptées et jamais jugées.",
    "qualité sur 14": "La part du formateur, par les six critères. Vide tant qu’elle n’est pas donnée.",
    "total sur 20": "La somme des deux. Vide tant que la qualité n’est pas donnée.",
    "acquis": "Au moins 12 sur 20, dont au moins 7 sur 14 pour la qualité. Vide tant que la qualité n’est pas donnée.",
    **{
        heading: f"{criterion.title} : zéro, moitié ou plein, pour {criterion.points} point"
        f"{'s' if criterion.points > 1 else ''}. Vide quand la note vient d’ailleurs que de la table de correction."
        for heading, criterion in LEVELS.items()
    },
}
REMARK = {
    "remarque": "Pourquoi une réponse manque : fichier illisible, aucune réponse ; ou que les membres d’un groupe "
    "n’ont pas tous la même note (la feuille « Notes » les donne)."
}
ANSWERS = {
    **COPY,
    **PLACE,
    "option": "L’option, de 1.1.a à 5.5.b.",
    "libellé de l’option": "Son intitulé.",
    "n° de stratégie": "Le rang de la stratégie dans l’option, à partir de 1. Vide quand rien n’y est écrit.",
    "stratégie": "Ce que l’équipe a écrit. Une stratégie qui a trois actions est sur trois lignes.",
    "n° d’action": "Le rang de l’action dans la stratégie, à partir de 1.",
    "action": "Ce que l’équipe a écrit.",
    "responsable": "La colonne de pilotage « Responsable ».",
    "échéance": "La colonne de pilotage « Échéance », telle qu’elle a été écrite.",
    "indicateur": "La colonne de pilotage « Indicateur ».",
    **MARKS,
    **REMARK,
}
"""The table of answers: a row an action, and one for each strategy without an action and each option without any."""

TRAINEE = {
    "stagiaire": "Le nom du stagiaire.",
    "identifiant": "Son identifiant.",
    "copie": "Le nom de la copie : celui du groupe, ou le sien.",
}
SCORES = {**TRAINEE, **PLACE, **MARKS, "commentaire": "Celui du formateur.", "formateur": "Qui a donné la note."}
"""The table of marks: a row a trainee and objective."""

HANDED_IN = {
    "stagiaire": TRAINEE["stagiaire"],
    "identifiant": TRAINEE["identifiant"],
    "but": PLACE["but"],
    "remis le": "La date de la remise, à l’heure de cet ordinateur. Vide quand le fichier n’en donne pas.",
    "état": "Corrigée, ou à corriger par « course grade » ; « rien remis » quand il n’y a rien pour ce but.",
}
"""The table of what was handed in: a row a trainee and goal."""
