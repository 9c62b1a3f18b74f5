"""`carte-des-concepts.svg`: the fourteen terms, what each does for another, and all of them for the last."""

from __future__ import annotations

import csv
import io

from course.authoring.figures.drawing import Point, arrow, box, document, text
from course.core.content import content
from course.core.palette import BLUE, GREEN, INK, OCHRE, PAPER, PLUM, SOFT, Family

_SIZE = (900, 684)
_PANELS: tuple[tuple[Point, tuple[int, int], Family, str, int], ...] = (  # …, where the title begins
    ((20, 200), (330, 282), BLUE, "La place des personnes", 112),
    ((362, 200), (176, 282), PLUM, "La parole tenue", 386),
    ((550, 200), (330, 282), GREEN, "L’organisation des soins", 592),
    ((20, 546), (860, 120), OCHRE, "Le socle et les outils", 32),
)
_HUB = "c14"
_BOXES: dict[str, tuple[Point, tuple[int, int], list[str], str]] = {
    "c14": ((320, 26), (260, 92), ["Soins centrés sur", "les personnes"], INK),
    "c11": ((20, 36), (160, 72), ["Soins centrés", "sur l’individu"], INK),
    "c05": ((85, 214), (214, 74), ["Coproduction de santé"], BLUE.deep),
    "c02": ((32, 368), (148, 66), ["Autonomisation"], BLUE.deep),
    "c07": ((192, 368), (146, 66), ["Mobilisation"], BLUE.deep),
    "c09": ((374, 214), (152, 74), ["Redevabilité", "mutuelle"], PLUM.deep),
    "c08": ((374, 368), (152, 66), ["Redevabilité"], PLUM.deep),
    "c03": ((562, 214), (148, 74), ["Continuité", "des soins"], GREEN.deep),
    "c10": ((720, 214), (148, 74), ["Services", "de santé", "intégrés"], GREEN.deep),
    "c04": ((562, 368), (148, 66), ["Coordination", "des soins"], GREEN.deep),
    "c13": ((720, 368), (148, 66), ["Soins primaires"], GREEN.deep),
    "c06": ((32, 560), (148, 66), ["Cybersanté"], OCHRE.deep),
    "c01": ((384, 560), (176, 66), ["Action", "intersectorielle"], OCHRE.deep),
    "c12": ((702, 560), (166, 66), ["Soins de santé", "primaires"], OCHRE.deep),
}
_LINKS: tuple[tuple[list[Point], Point, str, list[str]], ...] = (  # path, where and how its words stand
    ([(180, 72), (316, 72)], (248, 62), "middle", ["s’élargissent"]),
    ([(192, 214), (192, 158), (345, 158), (345, 122)], (204, 150), "start", ["leur donne vie"]),
    ([(450, 214), (450, 122)], (460, 166), "start", ["y met la confiance"]),
    ([(637, 214), (637, 96), (584, 96)], (647, 166), "start", ["en est le signe"]),
    ([(793, 214), (793, 52), (584, 52)], (690, 42), "middle", ["les organisent"]),
    ([(112, 368), (112, 292)], (121, 325), "start", ["rend", "capable de"]),
    ([(250, 368), (250, 292)], (259, 334), "start", ["invite à"]),
    ([(414, 368), (414, 292)], (423, 325), "start", ["devient", "réciproque"]),
    ([(600, 368), (600, 292)], (609, 325), "start", ["se ressent", "comme"]),
    ([(752, 368), (752, 292)], (761, 325), "start", ["ouvrent", "l’accès aux"]),
    ([(62, 560), (62, 438)], (71, 520), "start", ["outille"]),
    ([(160, 560), (160, 514), (572, 514), (572, 438)], (366, 505), "middle", ["outille"]),
    ([(850, 560), (850, 438)], (841, 520), "end", ["s’incarnent dans les"]),
    ([(702, 593), (564, 593)], (631, 583), "middle", ["s’appuient sur"]),
)
_TOLD = """
Au centre, en haut, les soins centrés sur les personnes. Les soins centrés sur l’individu s’élargissent pour les
former. Trois groupes les portent. La place des personnes\u00a0: l’autonomisation rend capable de coproduire, la
mobilisation y invite, et la coproduction de santé leur donne vie. La parole tenue\u00a0: la redevabilité, quand elle
devient réciproque, est la redevabilité mutuelle, qui y met la confiance. L’organisation des soins\u00a0: les soins
primaires ouvrent l’accès aux services de santé intégrés, qui les organisent\u202f; la coordination des soins se
ressent comme continuité des soins, qui en est le signe. En bas, le socle et les outils\u00a0: les soins de santé
primaires s’incarnent dans les soins primaires et s’appuient sur l’action intersectorielle\u202f; la cybersanté
outille l’autonomisation et la coordination.
"""


def figure() -> str:
    """The figure, as SVG.

    Raises:
        ValueError: A term differs from the data, or one of them is not drawn.
    """
    _hold_against(_terms())
    shapes = []
    for at, size, family, title, begin in _PANELS:
        shapes.append(box(at, size, fill=family.pale, stroke=family.pale, round_by=18))
        bottom = at[1] + size[1] - 16
        shapes.append(text((begin, bottom), [title], size=16, bold=True, fill=family.deep, anchor="start"))
    for path, at, anchor, words in _LINKS:
        shapes += [arrow(path, stroke=SOFT), text(at, words, size=15, anchor=anchor)]
    for concept, (at, size, lines, colour) in _BOXES.items():
        hub = concept == _HUB
        letters = 20 if hub else 15
        middle = (at[0] + size[0] / 2, at[1] + size[1] / 2 + letters * (0.36 - 0.66 * (len(lines) - 1)))
        shapes += [
            box(at, size, fill=colour if hub else PAPER, stroke=colour, thick=2.5),
            text(middle, lines, size=letters, bold=True, fill=PAPER if hub else INK),
        ]
    return document("Carte des quatorze concepts du cours", _TOLD, _SIZE, shapes, fictional=False)


def _terms() -> dict[str, str]:
    raw = (content("data") / "concepts.csv").read_text(encoding="utf-8-sig")
    return {row["concept"]: row["term"] for row in csv.DictReader(io.StringIO(raw), delimiter=";")}


def _hold_against(terms: dict[str, str]) -> None:
    drawn = {concept: " ".join(lines) for concept, (_, _, lines, _) in _BOXES.items()}
    wrong = {concept for concept in terms.keys() | drawn.keys()
             if terms.get(concept, "").replace("'", "’") != drawn.get(concept)}  # fmt: skip
    if wrong:
        raise ValueError(f"not drawn as in concepts.csv: {', '.join(sorted(wrong))}")
