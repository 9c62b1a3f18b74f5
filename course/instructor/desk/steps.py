"""The buttons of the instructor's notebook: for each, the command of `course`, its form and its result files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

INBOX = "cohort/a-recueillir"  # `Cohort.inbox`, below the course's folder
OTHERWISE = "cohort/autrement"  # `Cohort.otherwise`
ARCHIVES = "cohort/archives"

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a step's form.

    Attributes:
        key: Its key in messages.
        label: Its French label.
        kind: `tick` for a checkbox, `text` for a line of text, `lines` for several, `file` for files added to the
            step's folder, `archive` for the file name of one of the class's archives.
    """

    key: str
    label: str
    kind: Literal["tick", "text", "lines", "file", "archive"] = "tick"


@dataclass(frozen=True, slots=True)
class Step:
    """A button with its form and command.

    Attributes:
        title: The form's title.
        button: The button's label.
        arguments: Returns the arguments of `course` for the form's values.
        fields: The inputs of the form.
        confirmation: A question to confirm before the command runs, with values of fields as `{key}`; empty for none.
        results: Glob patterns of the command's result files, relative to the course's folder.
        folder: The folder for added files, relative to the same.
    """

    title: str
    button: str
    arguments: Callable[[Values], list[str]]
    fields: tuple[Field, ...] = ()
    confirmation: str = ""
    results: tuple[str, ...] = ()
    folder: str = INBOX


def _intake(values: Values) -> list[str]:
    if name := str(values.get("back") or "").strip():
        return ["intake", f"--remettre={name}"]  # a name may begin with a hyphen
    return ["intake", INBOX, *(["exchange"] if values.get("exchange") else [])]


def _enter(values: Values) -> list[str]:
    options = {"--pour": "name", "--canevas": "canvas", "--texte": "text"}
    texts = {option: str(values.get(key) or "").strip() for option, key in options.items()}
    return ["enter", OTHERWISE, *(f"{option}={text}" for option, text in texts.items() if text)]


def _feedback(values: Values) -> list[str]:
    flags = {"models": "--corriges", "release": "--rendre"}
    return ["feedback", *(flag for key, flag in flags.items() if values.get(key))]


def _attestations(values: Values) -> list[str]:
    texts = {"hours": "--heures", "session": "--session"}
    typed = {option: str(values.get(key) or "").strip() for key, option in texts.items()}
    flags = ["--participation"] if values.get("participation") else []
    return ["attestations", *flags, *(f"{option}={text}" for option, text in typed.items() if text)]


def _trainee(values: Values) -> list[str]:
    return ["trainee", "--", str(values.get("name") or "")]


def _deadline(values: Values) -> list[str]:
    goal, date, name = (str(values.get(key) or "").strip() for key in ("goal", "date", "name"))
    flags = {"excused": "--excuser", "remove": "--enlever"}
    options = {"--date": date, "--pour": name}
    return [
        "deadline",
        *(f"{option}={text}" for option, text in options.items() if text),
        *(flag for key, flag in flags.items() if values.get(key)),
        *(["--", goal] if goal else []),
    ]


def _restore(values: Values) -> list[str]:
    return ["restore", "--oui", f"{ARCHIVES}/{Path(str(values.get('archive', ''))).name}"]


def _forget(values: Values) -> list[str]:
    flags = ["--archives"] if values.get("archives") else []
    # A name may begin with a hyphen.
    return ["forget", "--oui", *flags, "--", str(values.get("name", ""))]


STEPS: Mapping[str, Step] = {
    "intake": Step(
        "Recueillir les remises",
        "Recueillir",
        _intake,
        (
            Field("files", "Ajouter les fichiers reçus", "file"),
            Field("exchange", "Recueillir aussi dans l’échange de nbgrader"),
            Field("back", "Ou remettre en place une version d’avant : identifiant ou nom du stagiaire", "text"),
        ),
        results=("cohort/bilans/reception.csv",),
    ),
    "enter": Step(
        "Entrer un travail remis autrement (Word, Excel, papier)",
        "Entrer",
        _enter,
        (
            Field("files", "Les fichiers\u00a0: Word, Excel, CSV, ou une photographie", "file"),
            Field("name", "De qui\u00a0: un identifiant, un nom, ou un groupe de la liste", "text"),
            Field("canvas", "Le canevas d’un travail sur papier\u00a0: 1.1 … 5.5", "text"),
            Field(
                "text",
                "Ce qui y compte, une ligne par action\u00a0: 1.1.a\u00a0: stratégie → action",
                "lines",
            ),
        ),
        results=("cohort/bilans/reception.csv",),
        folder=OTHERWISE,
    ),
    "grade": Step(
        "Compter la complétude",
        "Corriger ce qui est nouveau",
        lambda _: ["grade"],
        results=("cohort/bilans/but-*.csv",),
    ),
    "plans": Step(
        "Voir, réunir et suivre les plans",
        "Lire les plans",
        lambda _: ["plans"],
        results=("cohort/bilans/plans.html", "cohort/bilans/plan-district.json", "cohort/bilans/suivi-des-plans.csv"),
    ),
    "feedback": Step(
        "Écrire les retours",
        "Écrire les retours",
        _feedback,
        (
            Field("models", "Joindre les corrigés"),
            Field("release", "Rendre aussi par l’échange de nbgrader"),
        ),
        results=("cohort/bilans/feuilles.html", "cohort/bilans/retours-*.zip"),
    ),
    "deadline": Step(
        "Fixer une échéance, voir les retards",
        "Écrire et montrer",
        _deadline,
        (
            Field("goal", "Le cahier (but-1 … but-5) ; rien, pour voir seulement", "text"),
            Field("date", "La date : 15/12/2026, ou 15/12/2026 18:00", "text"),
            Field("name", "Pour une seule personne : son identifiant, ou son nom", "text"),
            Field("excused", "Excuser cette personne"),
            Field("remove", "Enlever cette échéance"),
        ),
        results=("cohort/echeances.csv",),
    ),
    "trainee": Step(
        "Voir tout ce qui est arrivé à une personne",
        "Voir",
        _trainee,
        (Field("name", "Son identifiant, ou son nom", "text"),),
        results=("cohort/bilans/stagiaires/*.html",),
    ),
    "marks": Step("Sortir les notes", "Sortir les notes", lambda _: ["marks"], results=("cohort/bilans/notes*",)),
    "attestations": Step(
        "Écrire les attestations",
        "Écrire et signer",
        _attestations,
        (
            Field("session", "Lieu et dates de la formation", "text"),
            Field("hours", "Heures de formation", "text"),
            Field("participation", "De participation (les canevas remis), au lieu de réussite"),
        ),
        results=("cohort/bilans/attestations-*.zip", "cohort/bilans/cle-publique.txt"),
    ),
    "archive": Step("Archiver la promotion", "Archiver", lambda _: ["archive"], results=(f"{ARCHIVES}/*.zip",)),
    "restore": Step(
        "Revenir à une archive",
        "Revenir à cette archive",
        _restore,
        (Field("archive", "L’archive", "archive"),),
        confirmation="Remplacer la promotion actuelle par « {archive} » ? Elle est d’abord archivée elle-même.",
    ),
    "forget": Step(
        "Effacer une personne",
        "Effacer",
        _forget,
        (
            Field("name", "Son identifiant, ou son nom", "text"),
            Field("archives", "Effacer aussi les archives où elle se trouve"),
        ),
        confirmation="Tout ce que le cours garde de « {name} » sera effacé. On ne revient pas en arrière.",
    ),
    "demo": Step("Essayer sans risque", "Faire une promotion fictive", lambda _: ["demo"]),
}
