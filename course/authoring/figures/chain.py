"""`chaine-option-action.svg`: from an option to the strategies and actions of a team, on the workbook's own example."""

from __future__ import annotations

from course.authoring.figures.drawing import arrow, box, document, text
from course.core.palette import BLUE, FAINT, GREEN, PLUM, SOFT, WASH, Family

_SIZE = (900, 560)
_WIDTH = 256
_COLUMNS: tuple[tuple[int, Family, str, list[str], list[str], str], ...] = (
    (
        20, PLUM, "Option", ["Que pourrait-on faire\u202f?"],
        ["Rendre la consultation", "plus facile à fréquenter"], "écrite par le cours",
    ),
    (
        322, BLUE, "Stratégie", ["Comment notre équipe", "s’y prend-elle, ici\u202f?"],
        ["Caler la consultation", "sur le jour du marché\u00a0:", "les familles éloignées", "passent déjà devant",
         "le centre de santé."], "écrite par vous",
    ),
    (
        624, GREEN, "Action", ["Qui fait quoi,", "et pour quand\u202f?"],
        ["De février à avril,", "l’infirmier chef de poste", "ouvre ce jour-là à 6\u00a0h\u00a030\u202f;",
         "le comité de gestion", "compte chaque mois les", "personnes venues de loin."], "écrite par vous",
    ),
)  # fmt: skip
_TOP, _HEIGHT = 132, 200
_SECOND, _THIRD, _LOW = 372, 452, 60
_TOLD = """
Trois colonnes reliées par des flèches, de gauche à droite. L’option, écrite par le cours, dit ce que l’on pourrait
faire\u00a0: rendre la consultation plus facile à fréquenter. La stratégie, écrite par vous, dit comment votre équipe
s’y prend ici\u00a0: caler la consultation sur le jour du marché, car les familles éloignées passent déjà devant le
centre de santé. L’action, écrite par vous, dit qui fait quoi et pour quand\u00a0: de février à avril, l’infirmier
chef de poste ouvre ce jour-là à 6 h 30, et le comité de gestion compte chaque mois les personnes venues de loin. Une
option peut porter plusieurs stratégies, une stratégie plusieurs actions. Données fictives.
"""


def figure() -> str:
    """The figure, as SVG."""
    shapes = []
    for x, family, name, question, example, author in _COLUMNS:
        middle = x + _WIDTH / 2
        shapes += [
            text((middle, 42), [name], size=24, bold=True, fill=family.deep),
            text((middle, 76 if len(question) > 1 else 87), question, size=17),
            box((x, _TOP), (_WIDTH, _HEIGHT), fill=family.pale, stroke=family.deep, thick=3),
            text((x + 18, _TOP + 36), example, anchor="start"),
            text((middle, _TOP + _HEIGHT - 14), [author], size=15, fill=SOFT),
        ]
    level = _TOP + _HEIGHT / 2
    for left, right in ((276, 322), (578, 624)):
        shapes.append(arrow([(left + 4, level), (right - 4, level)], stroke=SOFT, thick=3))
    for x, y, words in (
        (322, _SECOND, "une autre stratégie"), (624, _SECOND, "une autre action"), (624, _THIRD, "encore une action"),
    ):  # fmt: skip
        shapes += [
            box((x, y), (_WIDTH, _LOW), fill=WASH, stroke=FAINT, dashed=True),
            text((x + _WIDTH / 2, y + 36), [words], fill=SOFT),
        ]
    for left, ends in ((299, [(318, _SECOND)]), (601, [(620, _SECOND), (620, _THIRD)])):
        for x, y in ends:
            path = [(left, level), (left, y + _LOW / 2), (x, y + _LOW / 2)]
            shapes.insert(0, arrow(path, stroke=FAINT, thick=2.5))
    shapes.append(
        text((20, 546), ["L’option de cet exemple n’est pas au programme."], size=15, fill=SOFT, anchor="start")
    )
    return document("De l’option à l’action", _TOLD, _SIZE, shapes, fictional=True)
