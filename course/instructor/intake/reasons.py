"""What became of a file and why, as data; and the French sentence of each reason.

Nothing is decided by a sentence: `SENTENCES` can be reworded, and the same files end in the same places.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from course.core import team, words
from course.core.handin import manifest


class Outcome(Enum):
    """What became of a file."""

    ACCEPTED = auto()
    SUPERSEDED = auto()
    REFUSED = auto()
    UNMATCHED = auto()


class Why(Enum):
    """A reason, a remark on a file, or a question; the facts that its sentence needs stand in braces there."""

    # What a file is.
    UNREADABLE = auto()
    UNREADABLE_ANSWERS = auto()
    NEITHER = auto()
    OFFICE_FILE = auto()
    NOTEBOOK = auto()
    RECEIPT = auto()
    OTHER_ARCHIVE = auto()
    EMPTY_ARCHIVE = auto()
    SET_ASIDE = auto()
    FORGED_TEAM = auto()
    BLANK = auto()
    UNREADABLE_CANVAS = auto()
    FILE_LEFT_OUT = auto()
    # nbgrader's exchange.
    NO_EXCHANGE_HERE = auto()
    NO_INBOUND = auto()
    UNREADABLE_EXCHANGE = auto()
    UNKNOWN_EXCHANGE = auto()
    NO_DROP_NAME = auto()
    DROP_REFUSED = auto()
    DROP_NOT_COPIED = auto()
    DROP_REMARK = auto()
    OLDER_DROP = auto()
    # Whose it is.
    NAMELESS = auto()
    UNLISTED = auto()
    NAMESAKES = auto()
    LEFT_BY_DECISION = auto()
    CLAIM = auto()
    CLAIM_LEFT_BY_DECISION = auto()
    OTHERS_BY_ACCOUNT = auto()
    BY_ACCOUNT = auto()
    # Which version counts.
    NO_DATE = auto()
    FUTURE_DATE = auto()
    AGAIN = auto()
    AGAIN_BUT = auto()
    SAME = auto()
    ALSO_BY_EXCHANGE = auto()
    LATER_CAME = auto()
    LATER_STANDS = auto()
    REPLACES = auto()
    REPLACES_TEAMS = auto()
    WHICH_PROVEN = auto()
    WHICH_LATER = auto()
    PROVEN_STAYS = auto()
    CHOSEN_STAYS = auto()
    CANVAS_ADDED = auto()
    CANVAS_REPLACES = auto()
    CANVAS_REPLACES_UNDATED = auto()
    LATER_CANVAS_CAME = auto()
    LATER_CANVAS_STANDS = auto()
    CANVAS_WAITS = auto()
    # The disk.
    NOT_PLACED = auto()
    # Questions, and the answers to them.
    WHO = auto()
    WHICH_NAMED = auto()
    TAKE_CLAIM = auto()
    WHICH_COPY = auto()
    NEW_TRAINEE = auto()
    LEAVE = auto()
    FOR_THE_NAMED = auto()
    LEAVE_CLAIM = auto()
    UNPROVEN_COPY = auto()
    PROVEN_COPY = auto()
    # On the whole.
    NO_LIST = auto()
    TO_ASSIGN = auto()


Fact = str | datetime


class Reason:
    """A reason with its facts: dates, names, or sentences of the core."""

    __slots__ = ("_facts", "why")

    def __init__(self, why: Why, **facts: Fact | Reason) -> None:
        """A reason.

        Args:
            why: What it is.
            facts: What the sentence of `why` names; a moment is worded in the computer's own time.
        """
        self.why = why
        self._facts = facts

    def __str__(self) -> str:
        """Its French sentence, or a part of one."""
        facts = {
            name: words.moment(fact) if isinstance(fact, datetime) else str(fact) for name, fact in self._facts.items()
        }
        return SENTENCES[self.why].format(**facts)


_NEITHER = "Ce n’est ni une remise, ni des réponses du cours."
_BY_EXCHANGE = "remise par l’échange, dont le compte est vérifié"

SENTENCES = {
    Why.UNREADABLE: "{detail}",
    Why.UNREADABLE_ANSWERS: "Réponses illisibles. {detail}",
    Why.NEITHER: _NEITHER,
    Why.OFFICE_FILE: f"{_NEITHER} Les réponses s’écrivent dans les canevas.",
    Why.NOTEBOOK: "Un cahier seul ne porte pas de réponses : demandez le fichier que fait « Remettre ».",
    Why.RECEIPT: "C’est un reçu : il n’y a rien à y prendre.",
    Why.OTHER_ARCHIVE: "Cette sorte d’archive ne se lit pas : extrayez-la, puis donnez le dossier.",
    Why.EMPTY_ARCHIVE: "Cette archive est vide.",
    Why.SET_ASIDE: "Le canevas avait mis ce fichier de côté, illisible : il n’y a rien à y prendre.",
    Why.FORGED_TEAM: f"« {team.FILE} » ne nomme pas les mêmes personnes que « {manifest.FILE} » : ce n’est pas "
    "« Remettre » qui a fait ce fichier.",
    Why.BLANK: "rien n’est écrit dans ce canevas",
    Why.UNREADABLE_CANVAS: "canevas {objective} illisible : {detail}",
    Why.FILE_LEFT_OUT: "{name} n’est pas repris : {detail}",
    Why.NO_EXCHANGE_HERE: "L’échange de nbgrader n’existe pas sous Windows : donnez les fichiers remis.",
    Why.NO_INBOUND: "Ce dossier des remises n’existe pas : rien n’a encore été remis par l’échange.",
    Why.UNREADABLE_EXCHANGE: "L’échange ne se laisse pas lire ({detail}).",
    Why.UNKNOWN_EXCHANGE: "nbgrader ne lit pas cet échange ({detail}).",
    Why.NO_DROP_NAME: "Ce n’est pas un nom de remise.",
    Why.DROP_REFUSED: "Refusée : {detail}.",
    Why.DROP_NOT_COPIED: "Elle ne se laisse pas recueillir : {detail}.",
    Why.DROP_REMARK: "{detail}",
    Why.OLDER_DROP: "Une remise plus récente du même compte est là.",
    Why.NAMELESS: "ce fichier ne dit pas de qui il est",
    Why.UNLISTED: "« {name} » n’est pas dans {list}",
    Why.NAMESAKES: "plusieurs personnes s’appellent peut-être « {name} »",
    Why.LEFT_BY_DECISION: "laissé de côté par une réponse donnée ({file})",
    Why.CLAIM: "remise au nom de {names} par un fichier de {sender}",
    Why.CLAIM_LEFT_BY_DECISION: "{claim}, laissée de côté par une réponse donnée",
    Why.OTHERS_BY_ACCOUNT: "nomme {names} sans nommer son propre compte : pris pour lui seul",
    Why.BY_ACCOUNT: "remise par le compte « {account} »",
    Why.NO_DATE: "sans date : comptée du moment de sa réception",
    Why.FUTURE_DATE: "datée du {date}, dans l’avenir : comptée du moment de sa réception",
    Why.AGAIN: "déjà reçue",
    Why.AGAIN_BUT: "déjà reçue : {reason}",
    Why.SAME: "la même que « {place} »",
    Why.ALSO_BY_EXCHANGE: "remise aussi par l’échange, dont le compte est vérifié",
    Why.LATER_CAME: "celle du {date} est plus récente",
    Why.LATER_STANDS: "celle du {date} est plus récente, ou du même moment",
    Why.REPLACES: "remplace celle du {date}, gardée dans recus",
    Why.REPLACES_TEAMS: "remplace celle du {date} ({team}), gardée dans recus",
    Why.WHICH_PROVEN: f"une copie du {{date}} est là, {_BY_EXCHANGE} : laquelle compte ?",
    Why.WHICH_LATER: "une copie du {date} est là, plus récente, sans compte vérifié : laquelle compte ?",
    Why.PROVEN_STAYS: f"la copie du {{date}} reste, {_BY_EXCHANGE}",
    Why.CHOSEN_STAYS: "la copie du {date} reste, choisie par vous",
    Why.CANVAS_ADDED: "canevas {objective} ajouté",
    Why.CANVAS_REPLACES: "canevas {objective} : ces réponses remplacent celles du {date}",
    Why.CANVAS_REPLACES_UNDATED: "canevas {objective} : ces réponses remplacent celles qui étaient là",
    Why.LATER_CANVAS_CAME: "une autre, enregistrée après, est plus récente",
    Why.LATER_CANVAS_STANDS: "le canevas enregistré le {date} est plus récent",
    Why.CANVAS_WAITS: f"la copie du {{date}} est {_BY_EXCHANGE} : ce canevas y remplacerait le sien",
    Why.NOT_PLACED: "{detail}",
    Why.WHO: "{place} : {reason}. Qui est-ce ?",
    Why.WHICH_NAMED: "« {name} » : lequel",
    Why.TAKE_CLAIM: "{place} : {reason}. Que faire ?",
    Why.WHICH_COPY: "{place} : {name} a aussi une copie de l’échange, dont le compte est vérifié, du {proven}. Celle "
    "sans compte vérifié est du {unproven}. Laquelle compte ?",
    Why.NEW_TRAINEE: "nouveau stagiaire",
    Why.LEAVE: "laisser de côté",
    Why.FOR_THE_NAMED: "la prendre pour les personnes nommées",
    Why.LEAVE_CLAIM: "la laisser de côté",
    Why.UNPROVEN_COPY: "celle sans compte vérifié",
    Why.PROVEN_COPY: "celle de l’échange",
    Why.NO_LIST: "Cette classe n’a pas de liste : chaque nom nouveau devient un stagiaire de « {list} ».",
    Why.TO_ASSIGN: "Pour attribuer ce qui reste : recommencez sans --sans-question, ou par le bouton « Recueillir » du "
    "bureau du formateur, et répondez ; ou complétez « {file} » (nom écrit ; identifiant), puis recommencez.",
}

# An outcome in the singular and in the plural.
OUTCOMES = {
    Outcome.ACCEPTED: ("acceptée", "acceptées"),
    Outcome.SUPERSEDED: ("remplacée", "remplacées"),
    Outcome.REFUSED: ("refusée", "refusées"),
    Outcome.UNMATCHED: ("à attribuer", "à attribuer"),
}


def counted(number: int, outcome: Outcome) -> str:
    """A number of files and their outcome: « 3 acceptées »."""
    return words.counted(number, *OUTCOMES[outcome])
