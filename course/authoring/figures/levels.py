"""`niveaux-systeme.svg`: the levels of the health system, who acts there and what is decided there."""

from __future__ import annotations

from course.authoring.figures.drawing import arrow, box, document, line, text
from course.core.palette import BLUE, FAINT, GREEN, INK, OCHRE, PLUM, RUST, SOFT, Family

_SIZE = (900, 742)
_ROW = 98
_CENTRE = 206
_LEVELS: tuple[tuple[int, int, Family, list[str], list[str], list[str]], ...] = (  # y, width of the step, …
    (62, 160, PLUM, ["National"],
     ["Ministère de la santé,", "centres hospitaliers", "universitaires (CHU)"],
     ["Les lois, les tarifs,", "la gratuité, le partage", "de l’argent du pays"]),
    (172, 186, BLUE, ["Région"],
     ["Direction régionale,", "centre hospitalier", "régional (CHR)"],
     ["L’appui aux districts,", "la place des spécialistes"]),
    (334, 212, GREEN, ["District", "Tansobré\u00a0: 1 CMA"],
     ["Équipe cadre (ECD), centre", "médical avec antenne", "chirurgicale (CMA)"],
     ["Le plan de l’année,", "la supervision, le chemin", "des malades adressés"]),
    (444, 238, OCHRE, ["Aire de santé", "Tansobré\u00a0: 14 CSPS"],
     ["Infirmier chef de poste (ICP),", "sage-femme, comité", "de gestion (COGES)"],
     ["L’accueil, les horaires,", "les tournées, les recettes", "gérées par le comité"]),
    (554, 264, RUST, ["Village"],
     ["Familles, associations,", "agents de santé à base", "communautaire (ASBC)"],
     ["Qui veille sur qui,", "ce que l’on demande", "au centre de santé"]),
)  # fmt: skip
_WHO, _WHAT = 366, 634
_ASKED = "À chaque niveau, demandez\u00a0: qui parle ici pour les usagers\u202f?"
_TOLD = """
Cinq marches, de la plus large en bas à la plus étroite en haut. Village\u00a0: familles, associations et agents de
santé à base communautaire (ASBC). Aire de santé\u00a0: le CSPS, son infirmier chef de poste (ICP), sa sage-femme et
son comité de gestion (COGES)\u202f; Tansobré en compte 14. District\u00a0: l’équipe cadre (ECD) et le centre médical
avec antenne chirurgicale (CMA), un seul à Tansobré. Région\u00a0: la direction régionale et le centre hospitalier
régional (CHR). National\u00a0: le ministère et les centres hospitaliers universitaires (CHU). Une flèche monte,
l’orientation-recours\u202f; une autre descend, le retour et l’appui. Une ligne sépare le district de la région\u00a0:
au-dessous, une équipe de district décide et agit\u202f; au-dessus, elle documente et plaide. Données fictives pour
Tansobré.
"""


def figure() -> str:
    """The figure, as SVG."""
    bottom = _LEVELS[-1][0] + _ROW
    shapes = [
        text((_CENTRE, 40), ["Niveau"], size=17, bold=True),
        text((_WHO, 40), ["Qui y agit"], size=17, bold=True, anchor="start"),
        text((_WHAT, 40), ["Ce qui s’y décide"], size=17, bold=True, anchor="start"),
    ]
    for y, width, family, name, who, what in _LEVELS:
        shapes += [
            box((_CENTRE - width / 2, y), (width, _ROW), fill=family.pale, stroke=family.deep, thick=3),
            text((_CENTRE, y + (55 if len(name) == 1 else 45)), name[:1], size=19, bold=True, fill=family.deep),
            text((_WHO, y + 30 + 10 * (3 - len(who))), who, anchor="start"),
            text((_WHAT, y + 30 + 10 * (3 - len(what))), what, anchor="start"),
        ]
        if name[1:]:
            shapes.append(text((_CENTRE, y + 72), name[1:], size=15))
        if y != _LEVELS[-1][0] and y != _LEVELS[1][0]:
            shapes.append(line([(_WHO, y + _ROW + 6), (880, y + _ROW + 6)], stroke=FAINT, thick=1))
    shapes += [
        line([(80, 302), (880, 302)], stroke=INK, thick=2, dashed=True),
        text((_WHO, 293), ["au-dessus, on documente et l’on plaide"], size=15, bold=True, anchor="start"),
        text((_WHO, 322), ["au-dessous, on décide et l’on agit"], size=15, bold=True, anchor="start"),
        arrow([(28, bottom), (28, 62)], stroke=SOFT, thick=3),
        text((20, 357), ["orientation-recours"], size=15, fill=SOFT, turned=True),
        arrow([(62, 62), (62, bottom)], stroke=SOFT, thick=3),
        text((54, 357), ["retour et appui"], size=15, fill=SOFT, turned=True),
        text((20, _SIZE[1] - 54), [_ASKED], bold=True, anchor="start"),
    ]  # fmt: skip
    return document("Les niveaux du système de santé", _TOLD, _SIZE, shapes, fictional=True)
