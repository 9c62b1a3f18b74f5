"""What each button of the instructor's notebook does: a command of `course`, its choices, and the files it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

INBOX = "cohort/a-recueillir"  # `Cohort.inbox`, below the course's folder

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a person may say before she presses the button.

    Attributes:
        key: Its name in the messages.
        label: What is asked.
        kind: `tick` for yes or no, `text` for words, `file` for files put into the inbox.
    """

    key: str
    label: str
    kind: str = "tick"


@dataclass(frozen=True, slots=True)
class Step:
    """One button.

    Attributes:
        title: What the form is called.
        button: What the button says.
        words: What is typed after `course`, from the choices made.
        choices: What may be said before.
        sure: A question asked before it is done; empty for none.
        results: Patterns, below the course's folder, of the files that it leaves.
    """

    title: str
    button: str
    words: Callable[[Values], list[str]]
    choices: tuple[Choice, ...] = ()
    sure: str = ""
    results: tuple[str, ...] = field(default=())


def _intake(values: Values) -> list[str]:
    return ["intake", INBOX, *(["exchange"] if values.get("exchange") else [])]


def _feedback(values: Values) -> list[str]:
    flags = {"models": "--corriges", "release": "--rendre"}
    return ["feedback", *(flag for key, flag in flags.items() if values.get(key))]


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
            Choice("files", "Ajouter les fichiers reçus", "file"),
            Choice("exchange", "Recueillir aussi dans l’échange de nbgrader"),
        ),
        results=("cohort/bilans/reception.csv",),
    ),
    "grade": Step(
        "Compter la complétude",
        "Corriger ce qui est nouveau",
        lambda _: ["grade"],
        results=("cohort/bilans/but-*.csv",),
    ),
    "feedback": Step(
        "Écrire les retours",
        "Écrire les retours",
        _feedback,
        (
            Choice("models", "Joindre les corrigés"),
            Choice("release", "Rendre aussi par l’échange de nbgrader"),
        ),
        results=("cohort/bilans/retours-*.zip",),
    ),
    "marks": Step("Sortir les notes", "Sortir les notes", lambda _: ["marks"], results=("cohort/bilans/notes*",)),
    "archive": Step("Archiver la promotion", "Archiver", lambda _: ["archive"], results=("cohort/archives/*.zip",)),
    "forget": Step(
        "Effacer une personne",
        "Effacer",
        _forget,
        (
            Choice("name", "Son identifiant, ou son nom", "text"),
            Choice("archives", "Effacer aussi les archives où elle se trouve"),
        ),
        sure="Tout ce que le cours garde de cette personne sera effacé. On ne revient pas en arrière.",
    ),
    "demo": Step("Essayer sans risque", "Faire une promotion fictive", lambda _: ["demo"]),
}
