"""What became of a file and why, as data, each with its French sentence."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from course.core import team, words
from course.core.handin import manifest

_NEITHER = "Ce n’est ni une remise, ni des réponses du cours."
_BY_EXCHANGE = "remise par l’échange, dont le compte est vérifié"


class Outcome(Enum):
    """What became of a file."""

    ACCEPTED = "acceptée", "acceptées"
    SUPERSEDED = "remplacée", "remplacées"
    REFUSED = "refusée", "refusées"
    UNMATCHED = "à attribuer", "à attribuer"

    def __init__(self, one: str, many: str) -> None:
        """An outcome, in the singular and in the plural."""
        self.one, self.many = one, many

    def counted(self, number: int) -> str:
        """A number of files: « 3 acceptées »."""
        return words.counted(number, self.one, self.many)


class Why(Enum):
    """A reason, a remark on a file, or a question; the facts that its sentence needs stand in braces there.

    Nothing is decided by a sentence: reworded, the same files end in the same places.
    """

    sentence: str

    def __new__(cls, sentence: str) -> Why:
        """A reason that is no other one, though its sentence be the same."""
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)
        member.sentence = sentence
        return member

    # What a file is.
    UNREADABLE = "{detail}"
    UNREADABLE_ANSWERS = "Réponses illisibles. {detail}"
    NEITHER = _NEITHER
    OFFICE_FILE = f"{_NEITHER} Les réponses s’écrivent dans les canevas."
    NOTEBOOK = "Un cahier seul ne porte pas de réponses : demandez le fichier que fait « Remettre »."
    RECEIPT = "C’est un reçu : il n’y a rien à y prendre."
    OTHER_ARCHIVE = "Cette sorte d’archive ne se lit pas : extrayez-la, puis donnez le dossier."
    EMPTY_ARCHIVE = "Cette archive est vide."
    SET_ASIDE = "Le canevas avait mis ce fichier de côté, illisible : il n’y a rien à y prendre."
    FORGED_TEAM = (
        f"« {team.FILE} » ne nomme pas les mêmes personnes que « {manifest.FILE} » : ce n’est pas "
        "« Remettre » qui a fait ce fichier."
    )
    BLANK = "rien n’est écrit dans ce canevas"
    UNREADABLE_CANVAS = "canevas {objective} illisible : {detail}"
    FILE_LEFT_OUT = "{name} n’est pas repris : {detail}"
    # nbgrader's exchange.
    NO_EXCHANGE_HERE = "L’échange de nbgrader n’existe pas sous Windows : donnez les fichiers remis."
    NO_INBOUND = "Ce dossier des remises n’existe pas : rien n’a encore été remis par l’échange."
    UNREADABLE_EXCHANGE = "L’échange ne se laisse pas lire ({detail})."
    UNKNOWN_EXCHANGE = "nbgrader ne lit pas cet échange ({detail})."
    NO_DROP_NAME = "Ce n’est pas un nom de remise."
    DROP_REFUSED = "Refusée : {detail}."
    DROP_NOT_COPIED = "Elle ne se laisse pas recueillir : {detail}."
    DROP_REMARK = "{detail}"
    OLDER_DROP = "Une remise plus récente du même compte est là."
    # Whose it is.
    NAMELESS = "ce fichier ne dit pas de qui il est"
    UNLISTED = "« {name} » n’est pas dans {list}"
    NAMESAKES = "plusieurs personnes s’appellent peut-être « {name} »"
    LEFT_BY_DECISION = "laissé de côté par une réponse donnée ({file})"
    CLAIM = "remise au nom de {names} par un fichier de {sender}"
    CLAIM_LEFT_BY_DECISION = "{claim}, laissée de côté par une réponse donnée"
    OTHERS_BY_ACCOUNT = "nomme {names} sans nommer son propre compte : pris pour lui seul"
    BY_ACCOUNT = "remise par le compte « {account} »"
    # Which version counts.
    NO_DATE = "sans date : comptée du moment de sa réception"
    FUTURE_DATE = "datée du {date}, dans l’avenir : comptée du moment de sa réception"
    AGAIN = "déjà reçue"
    AGAIN_BUT = "déjà reçue : {reason}"
    SAME = "la même que « {place} »"
    ALSO_BY_EXCHANGE = "remise aussi par l’échange, dont le compte est vérifié"
    LATER_CAME = "celle du {date} est plus récente"
    LATER_STANDS = "celle du {date} est plus récente, ou du même moment"
    REPLACES = "remplace celle du {date}, gardée dans recus"
    REPLACES_TEAMS = "remplace celle du {date} ({team}), gardée dans recus"
    WHICH_PROVEN = f"une copie du {{date}} est là, {_BY_EXCHANGE} : laquelle compte ?"
    WHICH_LATER = "une copie du {date} est là, plus récente, sans compte vérifié : laquelle compte ?"
    PROVEN_STAYS = f"la copie du {{date}} reste, {_BY_EXCHANGE}"
    CHOSEN_STAYS = "la copie du {date} reste, choisie par vous"
    CANVAS_ADDED = "canevas {objective} ajouté"
    CANVAS_REPLACES = "canevas {objective} : ces réponses remplacent celles du {date}"
    CANVAS_REPLACES_UNDATED = "canevas {objective} : ces réponses remplacent celles qui étaient là"
    LATER_CANVAS_CAME = "une autre, enregistrée après, est plus récente"
    LATER_CANVAS_STANDS = "le canevas enregistré le {date} est plus récent"
    CANVAS_WAITS = f"la copie du {{date}} est {_BY_EXCHANGE} : ce canevas y remplacerait le sien"
    # The disk.
    NOT_PLACED = "{detail}"
    # Questions, and the answers to them.
    WHO = "{place} : {reason}. Qui est-ce ?"
    WHICH_NAMED = "« {name} » : lequel"
    TAKE_CLAIM = "{place} : {reason}. Que faire ?"
    WHICH_COPY = (
        "{place} : {name} a aussi une copie de l’échange, dont le compte est vérifié, du {proven}. Celle "
        "sans compte vérifié est du {unproven}. Laquelle compte ?"
    )
    NEW_TRAINEE = "nouveau stagiaire"
    LEAVE = "laisser de côté"
    FOR_THE_NAMED = "la prendre pour les personnes nommées"
    LEAVE_CLAIM = "la laisser de côté"
    UNPROVEN_COPY = "celle sans compte vérifié"
    PROVEN_COPY = "celle de l’échange"
    # On the whole.
    NO_LIST = "Cette classe n’a pas de liste : chaque nom nouveau devient un stagiaire de « {list} »."
    TO_ASSIGN = (
        "Pour attribuer ce qui reste : recommencez sans --sans-question, ou par le bouton « Recueillir » du "
        "bureau du formateur, et répondez ; ou complétez « {file} » (nom écrit ; identifiant), puis recommencez."
    )


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
        return self.why.sentence.format(**facts)
