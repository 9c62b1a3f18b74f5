"""The lessons on the goals: a short path that leads to each canvas, a long part that is folded, sourced, plain."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

from goals import LESSONS, OBJECTIVES, REFERENCE, ROOT, SLIDES, cell, cells, folded, plain, short, words

from course.authoring.district.key_figures import KEY_FIGURES
from course.core.syllabus import rows

FIGURES = Path(__file__).with_name("line-figures.csv")
BUDGET = 6_800
BEFORE_THE_FIRST_CANVAS = 600
PACE = 130  # words a minute
PROSE = ("diapo-", "loin-", "option-", "preuves", "cadre-", "pourquoi-")  # comment, neither scenes nor lists
ENTRY = re.compile(r"Durée : exposé (\d+) min · pratique (\d+) min")
CANVAS = re.compile(r"cell-id=situation-(\d-\d)\)")
ACTIVITY = re.compile(r"^- \*\*(.+?)\*\* \((\d+) min\)", re.MULTILINE)

# Official words of the slides, each beside a plain one.
OFFICIAL = {
    "1": ["usager autonome", "coproduction de soins", "maladies non transmissibles et chroniques", "réseaux sociaux",
          "mal desservis et marginalisés", "accès universel", "déterminants de la santé", "justice sociale"],
    "2": ["transparence", "mesures d’incitation", "programmes verticaux", "rôle de tutelle", "consensus",
          "obligation de rendre compte", "fait de tenir responsable"],
    "3": ["holistiques", "complets", "exhaustifs", "réadaptation", "continuum de soins",
          "soins externes et ambulatoires", "fonctions essentielles de santé publique", "substitution",
          "équipes interprofessionnelles"],
    "4": ["aligne les processus", "transitions thérapeutiques", "continuité des soins", "innocuité des produits",
          "détection précoce", "riposte rapide"],
    "5": ["changement transformationnel", "cadres législatifs", "culture institutionnelle", "qualité technique",
          "qualité perçue", "réglementation", "dosage d’incitations"],
}  # fmt: skip

# Phrases that were mended, each for its kind: objects that act, images that follow one another, maxims, riddles.
MENDED = (
    r"âne\b", r"murmur", r"\btress", r"\bgonds?\b", r"terre hostile", r"nul ne sème", r"panier", r"oreilles",
    r"faux ami", r"Celui-ci les coud", r"tournent à vide", r"attendent le leur", r"n’a pas de visage", r"le sait ;",
    r"réformes? faite la nuit", r"se fabrique", r"à hauteur de marché", r"tient debout|debout quand",
    r"La différence entre .{0,40} tient", r"Le mot (?:fâche|inquiète)", r"version de poche",
)  # fmt: skip
IN_THEIR_PLAIN_SENSE = {("02-concepts [terme-c05]", r"panier"), ("02-concepts [references]", r"faux ami")}
INVENTED = (
    r"que l’on lit souvent", r"à chaque formation", r"on nous a propos", r"la faute la plus fréquente",
    r"nos stagiaires", r"vous l’avez vu", r"fait réagir en salle", r"l’expérience montre",
)  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


# The short path


def test_a_lesson_opens_on_its_essentials_and_folds_the_rest() -> None:
    wrong = []
    for goal in LESSONS:
        lesson, hidden = cells(goal), folded(goal)
        heading = cell(goal, "plus-loin")
        wrong += [goal] * (
            [one["id"] for one in lesson[:3]] != ["titre", "entree", "essentiel"]
            or not lesson[2]["source"].startswith("## L’essentiel\n")
            or not heading["source"].startswith("## Pour aller plus loin\n")
            or heading["metadata"].get("tags") != ["plus-loin"]
            or heading["metadata"].get("jp-MarkdownHeadingCollapsed") is not True
            or len(hidden) < 15
        )
        wrong += [one["id"] for one in lesson if one is not heading and "tags" in one["metadata"]]
        wrong += [one["id"] for one in hidden if one["metadata"]["slideshow"]["slide_type"] != "skip"]
    assert not wrong


def test_every_slide_is_on_the_short_path() -> None:
    hidden = {one["id"] for goal in LESSONS for one in folded(goal)}
    assert not [one for one in hidden if one.startswith("diapo-")]


def test_the_short_path_of_the_five_goals_is_short() -> None:
    read = {goal: sum(words(one["source"]) for one in short(goal) if one["id"] not in REFERENCE) for goal in LESSONS}
    slides = Counter(row["section"].removeprefix("but-") for row in SLIDES)
    assert sum(read.values()) <= BUDGET, read
    assert not [goal for goal in LESSONS if read[goal] > 150 * slides[goal]]


def test_the_first_canvas_of_the_course_comes_early() -> None:
    read = 0
    for one in short("1"):
        read += words(one["source"])
        if found := CANVAS.search(one["source"]):
            assert found[1] == "1-1"
            break
    assert read <= BEFORE_THE_FIRST_CANVAS


def test_the_stated_time_is_that_of_the_short_path_and_of_what_one_does() -> None:
    wrong = {}
    for goal in LESSONS:
        stated = ENTRY.search(plain(cell(goal, "entree")["source"]))
        read = sum(words(one["source"]) for one in short(goal) if one["id"] not in REFERENCE)
        canvases = {found for one in short(goal) for found in CANVAS.findall(one["source"])}
        activities = sum(int(m[2]) for m in ACTIVITY.finditer(cell(goal, "activites")["source"].replace("\u00a0", " ")))
        right = (max(5, 5 * round(read / PACE / 5)), 10 + 25 * len(canvases) + activities)
        if stated is None or (int(stated[1]), int(stated[2])) != right:
            wrong[goal] = f"exposé {right[0]} min · pratique {right[1]} min"
    assert not wrong, "la partie visible à 130 mots la minute ; 10 min le quiz, 25 le canevas, puis les activités"


def test_each_objective_has_a_meaning_its_options_an_example_a_good_line_and_its_canvas() -> None:
    wrong = []
    for objective in OBJECTIVES:
        lesson = short(objective.goal)
        places = {one["id"]: place for place, one in enumerate(lesson)}
        first = places.get(f"objectif-{objective.cell}", -1)
        line = places.get(f"ligne-{objective.cell}", -1)
        canvas = next((p for p, one in enumerate(lesson) if f"situation-{objective.cell})" in one["source"]), -1)
        said = plain("\n".join(one["source"] for one in lesson[first:line])).replace("'", "’")
        example = plain(lesson[line]["source"])
        missing = [
            *([] if 0 < first < line < canvas == line + 1 else ["l’ordre"]),
            *([] if "Pourquoi" in said else ["ce que l’objectif veut dire"]),
            *(o.id for o in objective.options if f"{o.id} {o.label.replace(chr(39), '’')} :" not in said),
            *([] if example.startswith("Un exemple. ") else ["l’exemple"]),
            *(
                []
                if re.search(rf"\n\nUne bonne ligne \({objective.id}\.[a-d]\)\n\n- Stratégie : ", example)
                else ["la ligne"]
            ),
            *(
                []
                if "**" in lesson[canvas]["source"] and "À vous : " in plain(lesson[canvas]["source"])
                else ["la question"]
            ),
        ]
        wrong += [f"{objective.id} : {one}" for one in missing]
    assert not wrong


def test_a_good_line_obeys_the_grid() -> None:
    wrong = []
    for objective in OBJECTIVES:
        line = plain(cell(objective.goal, f"ligne-{objective.cell}")["source"]).partition("Une bonne ligne")[2]
        action = line.partition("- Action : ")[2].partition("\n- Indicateur : ")[0]
        indicator = line.partition("- Indicateur : ")[2]
        based = re.search(r"base \d+(?:,\d+)?(?: %| jours)?(?: sur \d)?, cible \d", indicator)
        measured = re.search(r"base (?:mesurée|calculée|relevée|comptée) en M1?2?\d?, cible fixée", indicator)
        principles = line.partition("\n- Principes : ")[2]
        missing = {
            "une stratégie": line.count("Stratégie : ") == 1,
            "un premier pas sous trois mois": re.search(r"\bM[1-3]\b", action),
            "les moyens, en fin d’action": action.count(";") >= 1,
            "la base et la cible, ou la mesure de la base": based or measured,
            "la source et la fréquence": re.search(
                r"chaque (?:mois|trimestre|année|version)|mensuel|procès-verbaux", indicator
            ),
            "deux principes, chacun avec sa raison": len(re.findall(r"\bcar (?:\w|’)", principles)) == 2,
            "une taille lisible": words(line) <= 95,
        }
        wrong += [f"{objective.id} : {one}" for one, there in missing.items() if not there]
    assert not wrong


def test_a_figure_of_a_good_line_is_the_district_s() -> None:
    wrong = []
    for claim in table(FIGURES):
        goal = claim["cell"].split("-")[1]
        value = claim["value"].replace("\u00a0", " ")
        if not re.search(rf"(?<![\d,]){re.escape(value)}(?![\d,]\d)", plain(cell(goal, claim["cell"])["source"])):
            wrong.append(f"{claim['cell']} : « {value} » n’y est pas")
        number = float(value.removesuffix(" %").replace(",", "."))
        half = 0.5 * 10 ** -len(value.removesuffix(" %").partition(",")[2])
        unit = 0.01 if value.endswith(" %") else 1
        if abs(float(KEY_FIGURES[claim["key"]]()) / unit - number) > half + 1e-9:
            wrong.append(f"{claim['cell']} : {claim['key']} = {KEY_FIGURES[claim['key']]()}")
    assert not wrong


def test_every_base_and_percentage_of_a_good_line_is_claimed() -> None:
    claimed: dict[str, set[str]] = {}
    for claim in table(FIGURES):
        claimed.setdefault(claim["cell"], set()).add(claim["value"].replace("\u00a0", " "))
    loose = []
    for objective in OBJECTIVES:
        name = f"ligne-{objective.cell}"
        line = plain(cell(objective.goal, name)["source"]).partition("Une bonne ligne")[2]
        without_targets = re.sub(r"cible \d+(?:,\d+)?(?: %)?", "", line)
        said = {found.replace(" jours", "") for found in re.findall(r"base (\d+(?:,\d+)?(?: %)?)", without_targets)}
        said |= set(re.findall(r"\d+(?:,\d+)? %", without_targets)) - {"5 %"}
        loose += [f"{name} : {value}" for value in sorted(said - claimed.get(name, set()))]
    assert not loose, "à inscrire dans tests/lessons/line-figures.csv"


def test_the_official_words_of_the_slides_stand_in_bold_beside_the_plain_ones() -> None:
    missing = []
    for goal, official in OFFICIAL.items():
        bold = " ".join(
            found.lower() for one in short(goal) for found in re.findall(r"\*\*(.+?)\*\*", plain_spaces(one["source"]))
        )
        linked = " ".join(
            found.lower() for one in short(goal) for found in re.findall(r"\[([^]]+)\]\(", plain_spaces(one["source"]))
        )
        missing += [f"but {goal} : {word}" for word in official if word.lower() not in f"{bold} {linked}"]
    assert not missing


def plain_spaces(source: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", source)


# The long part


def test_no_link_leads_into_what_is_folded() -> None:
    """JupyterLab follows such a link to a cell that it does not show."""
    hidden = {(f"{LESSONS[goal]}.ipynb", one["id"]) for goal in LESSONS for one in folded(goal)}
    wrong = []
    for path in sorted([*(ROOT / "modules").glob("*.ipynb"), *(ROOT / "exercises").glob("*/*.ipynb")]):
        source = "".join("".join(one["source"]) for one in json.loads(path.read_bytes())["cells"])
        for target in re.findall(r"\]\(([^)\s]*)#cell-id=([^)\s]+)\)", source):
            name = target[0].rpartition("/")[2] or path.name
            wrong += [f"{path.name} : {target}"] * ((name, target[1]) in hidden)
    assert not wrong


def test_each_option_says_what_can_go_wrong() -> None:
    wrong = []
    for objective in OBJECTIVES:
        for option in objective.options:
            source = cell(objective.goal, f"option-{option.id.replace('.', '-')}")["source"]
            if not source.startswith(f"#### {option.id} ") or "**Ce qui peut mal tourner.** " not in source:
                wrong.append(option.id)
    assert not wrong


def test_the_eighteen_scenes_can_be_read_aloud() -> None:
    wrong = []
    for objective in OBJECTIVES:
        scene = cell(objective.goal, f"scene-{objective.cell}")
        source = plain(scene["source"])
        last = source.rstrip()[-1]
        if (
            scene not in folded(objective.goal)
            or not source.startswith("#### Scène : ")
            or not 180 <= words(source) <= 290
            or source.count("« ") < 2
            or re.search(r"[|\[\]#]", source.partition("\n")[2])
            # It ends on a fact or a reply; in 5.5 somebody writes a question on the board.
            or last not in (".»?" if objective.id == "5.5" else ".»")
        ):
            wrong.append(objective.id)
    assert not wrong


def test_each_goal_cites_three_studies_or_more_with_what_they_do_not_show() -> None:
    known = {row["source"]: row for row in rows("sources")}
    studies = [row for row in known.values() if row["kind"] in ("study", "review")]
    wrong = []
    for goal in LESSONS:
        text = cell(goal, "preuves")["source"]
        entries = [part for part in text.split("\n\n") if part.startswith("**")]
        wrong += [f"but {goal} : {len(entries)} études"] * (len(entries) < 3)
        for entry in entries:
            head = plain(entry).partition("Montre : ")[0]
            cited = [
                row
                for row in studies
                if row["year"] in head and row["authors"].split(",")[0].split(" et ")[0].split()[-1] in head
            ]
            if not cited or "*Montre*" not in entry or "*Ne montre pas*" not in entry:
                wrong.append(f"but {goal} : {head[:60]}")
        wrong += [f"but {goal} : rien ne dit ce qui a été lu"] * ("Nous avons lu les résumés" not in text)
    assert not wrong


def test_no_sentence_that_was_mended_comes_back() -> None:
    """In any lesson, quiz, exercise or model answer; a scene may say « oreilles »."""
    texts = {
        f"{path.stem} [{one['id']}]": "".join(one["source"])
        for folder in ("modules", "solutions")
        for path in sorted((ROOT / folder).rglob("*.ipynb"))
        for one in json.loads(path.read_bytes())["cells"]
    }
    texts |= {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "quiz").glob("*.md"))}
    texts["model-answers.csv"] = (ROOT / "solutions" / "model-answers.csv").read_text(encoding="utf-8")
    found = [
        f"{place} : {match[0]}"
        for place, text in texts.items()
        for pattern in (*MENDED, *INVENTED)
        if (match := re.search(pattern, plain(text)))
        and not ("scene-" in place and pattern == r"oreilles")
        and (place, pattern) not in IN_THEIR_PLAIN_SENSE
    ]
    assert not found


def test_the_eighteen_questions_do_not_open_alike() -> None:
    openings = Counter()
    for objective in OBJECTIVES:
        (asked,) = (one for one in short(objective.goal) if f"situation-{objective.cell})" in one["source"])
        openings[" ".join(plain(asked["source"]).split("\n\n")[1].split()[:3])] += 1
    assert max(openings.values()) <= 2, openings
    assert not [opening for opening in openings if "n’a pas" in opening]


def test_outside_scenes_most_sentences_are_neither_fragments_nor_endless() -> None:
    wrong = {}
    for goal in LESSONS:
        prose = [
            line
            for one in cells(goal)
            if one["cell_type"] == "markdown" and one["id"].startswith(PROSE)
            for line in plain(re.sub(r"\]\([^)]*\)|\*\*[^*]+[.?]\*\* ", "", one["source"])).split("\n")
            if line and not re.match(r"[#|]|- |\d\. ", line)
        ]
        sentences = [words(found) for line in prose for found in re.split(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý«])", line)]
        brief = sum(count <= 6 for count in sentences) / len(sentences)
        endless = sum(count > 40 for count in sentences) / len(sentences)
        if brief > 0.12 or endless > 0.04:
            wrong[goal] = (round(brief, 2), round(endless, 2))
    assert not wrong, "part des phrases de six mots ou moins, puis de plus de quarante"


def test_the_district_is_marked_as_invented_on_the_page_that_opens() -> None:
    assert not [goal for goal in LESSONS if "données fictives" not in cell(goal, "essentiel")["source"]]


def test_every_study_of_the_table_is_cited_in_a_lesson_or_in_the_clinical_review() -> None:
    texts = "".join(
        plain("".join(one["source"]))
        for path in (ROOT / "modules").glob("*.ipynb")
        for one in json.loads(path.read_bytes())["cells"]
    )
    texts += (ROOT / "data" / "clinical_review.csv").read_text(encoding="utf-8")
    studies = [row for row in rows("sources") if row["kind"] in ("study", "review")]
    assert not [row["source"] for row in studies if _first_author(row) not in texts]


def _first_author(row: dict[str, str]) -> str:
    """The family name that a reader sees: « A. Coulter et collègues » is Coulter, « James F. Phillips » is Phillips."""
    return re.split(r",| et ", row["authors"])[0].split()[-1]
