"""`cinq-buts.svg`: the five goals, four that lean on one another and the fifth that carries them."""

from __future__ import annotations

from course.authoring.figures.drawing import Point, arrow, box, disc, document, text
from course.core import syllabus
from course.core.palette import FAMILIES, OCHRE, SOFT

_SIZE = (900, 606)
_BOX = (310, 136)
_AT: dict[str, Point] = {"1": (45, 140), "2": (545, 140), "3": (545, 410), "4": (45, 410)}
_TITLES = {
    "1": ["Autonomiser et mobiliser", "les personnes"],
    "2": ["Renforcer la gouvernance", "et la redevabilité"],
    "3": ["Réorienter le modèle", "de soins"],
    "4": ["Coordonner", "les services"],
    "5": ["Créer un environnement propice"],
}
_GLOSSES = {
    "1": ["Elles savent, choisissent", "et prennent la parole."],
    "2": ["On décide à plusieurs", "et l’on rend des comptes."],
    "3": ["Le premier échelon devient", "le cœur du système."],
    "4": ["La suite des soins tient", "d’un lieu à l’autre."],
    "5": ["Lois, argent, personnel, direction\u00a0: ce qui rend les quatre autres possibles."],
}
_LEANS: tuple[tuple[tuple[Point, Point], Point, str, list[str]], ...] = (
    (((365, 208), (535, 208)), (450, 158), "middle", ["qui a la parole", "demande des comptes"]),
    (((620, 286), (620, 400)), (636, 340), "start", ["les comptes orientent", "l’argent et les priorités"]),
    (((535, 478), (365, 478)), (450, 428), "middle", ["un premier échelon", "fort sert d’appui"]),
    (((120, 400), (120, 286)), (136, 340), "start", ["un parcours lisible", "laisse chacun décider"]),
)
_TOLD = """
Quatre cases forment une boucle. But 1, autonomiser et mobiliser les personnes\u00a0: qui a la parole demande des
comptes, ce qui mène au but 2, renforcer la gouvernance et la redevabilité. Les comptes orientent l’argent et les
priorités vers le but 3, réorienter le modèle de soins. Un premier échelon fort sert d’appui au but 4, coordonner les
services. Un parcours lisible laisse chacun décider, ce qui ramène au but 1. Le but 5, créer un environnement propice,
est le cadre qui entoure et porte les quatre autres.
"""


def figure() -> str:
    """The figure, as SVG.

    Raises:
        ValueError: A title differs from the syllabus.
    """
    for goal in syllabus.load().goals:
        if " ".join(_TITLES[goal.id]) != goal.title:
            raise ValueError(f"goal {goal.id}: « {goal.title} » in the data")
    shapes = [
        box((15, 15), (870, 576), fill=OCHRE.pale, stroke=OCHRE.deep, thick=3, round_by=20),
        disc((52, 58), "5", OCHRE.deep),
        text((84, 54), _TITLES["5"], size=20, bold=True, anchor="start"),
        text((84, 82), _GLOSSES["5"], anchor="start"),
    ]
    for goal, at in _AT.items():
        family = FAMILIES[int(goal) - 1]
        shapes += [
            box(at, _BOX, stroke=family.deep, thick=3),
            text((at[0] + 26, at[1] + 40), _TITLES[goal], size=18, bold=True, fill=family.deep, anchor="start"),
            text((at[0] + 26, at[1] + 93), _GLOSSES[goal], anchor="start"),
            disc((at[0] + 4, at[1] + 2), goal, family.deep),
        ]
    for ends, at, anchor, words in _LEANS:
        shapes += [arrow(ends, stroke=SOFT, thick=3), text(at, words, size=15, anchor=anchor)]
    shapes.append(text((450, 336), ["Tirer un fil", "fait bouger les autres."], size=17, bold=True, fill=SOFT))
    return document(
        "Les cinq buts stratégiques, qui dépendent les uns des autres", _TOLD, _SIZE, shapes, fictional=False
    )
