"""Outcomes and reasons of a reception, as data, each with its French sentence."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from course.core import team, words
from course.core.handin import manifest

_NEITHER = "Ce n’est ni une remise, ni des réponses du cours."
_ASK = "Demandez au stagiaire le fichier que fait « Remettre »."
_AGAIN_LOW = "demandez au stagiaire d’envoyer de nouveau le fichier que fait « Remettre »."
_AGAIN = f"{_AGAIN_LOW[:1].upper()}{_AGAIN_LOW[1:]}"
_BY_EXCHANGE = "remise par l’échange, dont le compte est vérifié"


class Outcome(Enum):
    """Outcome of a reception for a file."""

    ACCEPTED = "acceptée", "acceptées"
    SUPERSEDED = "remplacée", "remplacées"
    REFUSED = "refusée", "refusées"
    UNMATCHED = "à attribuer", "à attribuer"

    def __init__(self, one: str, many: str) -> None:
        """Set the French word, in the singular and in the plural."""
        self.one, self.many = one, many

    def counted(self, number: int) -> str:
        """Return a number of files: « 3 acceptées »."""
        return words.counted(number, self.one, self.many)


class Why(Enum):
    """A reason, a remark on a file, or a question; the facts that its sentence needs stand in braces there.

    No sentence decides anything: reworded, the same files end in the same places.
    """

    sentence: str

    def __new__(cls, sentence: str) -> Why:
        """Make a member of its own, even where two sentences are the same."""
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)
        member.sentence = sentence
        return member

    # The kind of a file, and what to answer its sender.
    UNREADABLE = f"{{detail}} {_AGAIN}"
    NOT_OPENED = "{detail}"
    UNREADABLE_ANSWERS = f"Réponses illisibles. {{detail}} {_AGAIN}"
    NEITHER = f"{_NEITHER} {_ASK}"
    EMPTY_FILE = f"Ce fichier est vide : son envoi s’est interrompu. {_AGAIN}"
    UNFINISHED = f"Ce téléchargement n’est pas achevé : téléchargez ce fichier de nouveau. Sinon : {_AGAIN_LOW}"
    DAMAGED = f"Ce fichier est abîmé, ou n’est pas une archive zip. {_AGAIN}"
    PASSWORD = (
        "Cette archive est protégée par un mot de passe : répondez au stagiaire de la renvoyer sans mot de passe, "
        "telle que « Remettre » l’a faite."
    )
    WORD_FILE = (
        "C’est un document Word, ou d’un autre traitement de texte : répondez au stagiaire de coller son texte dans "
        "les canevas, puis de renvoyer le fichier de « Remettre »."
    )
    EXCEL_FILE = (
        "C’est un classeur Excel, ou d’un autre tableur : répondez au stagiaire de coller ses lignes dans les canevas, "
        "puis de renvoyer le fichier de « Remettre »."
    )
    OFFICE_FILE = (
        "C’est un document de bureautique, peut-être protégé par un mot de passe : répondez au stagiaire de coller son "
        "texte dans les canevas, puis de renvoyer le fichier de « Remettre »."
    )
    PICTURE = (
        "C’est une image ou une photo : le cours ne la lit pas. Répondez au stagiaire d’écrire son texte dans les "
        "canevas, puis de renvoyer le fichier de « Remettre »."
    )
    PDF = (
        "C’est un PDF : le cours ne le lit pas. Répondez au stagiaire d’envoyer le fichier de « Remettre », et non ce "
        "qu’il a imprimé."
    )
    RECORDING = f"C’est un son ou une vidéo : le cours ne l’écoute pas. {_ASK}"
    MESSAGE = "C’est un message : enregistrez la pièce jointe qu’il porte, puis donnez-la au recueil."
    WEB_PAGE = f"C’est une page web ou un texte en ligne : le cours n’y prend rien. {_ASK}"
    NOTEBOOK = (
        "Un cahier seul ne porte pas de réponses : répondez au stagiaire d’envoyer le fichier que fait « Remettre »."
    )
    RECEIPT = "C’est un reçu : il n’y a rien à y prendre. Demandez le fichier .zip que « Remettre » a fait avec lui."
    TEAM_FILE = "C’est une liste de noms du cours, seule ou en double : il n’y a pas de réponses à y prendre."
    RESULTS_FILE = "Ce sont les réponses d’un stagiaire à un quiz, hors d’une remise\u00a0: rien n’est à recueillir."
    PLAN_FILE = "C’est le plan d’une équipe, seul : il vient avec une remise. Demandez le fichier .zip de « Remettre »."
    OTHER_ARCHIVE = (
        "Cette sorte d’archive (.rar, .7z…) ne se lit pas : extrayez-la, puis donnez le dossier ; ou demandez le "
        "fichier .zip de « Remettre »."
    )
    EMPTY_ARCHIVE = f"Cette archive est vide. {_AGAIN}"
    NOT_KEPT = "Il n’est pas gardé dans recus : il reste là où il est."
    NOT_KEPT_LARGE = "Il n’est pas gardé dans recus, car il dépasse {size} : il reste là où il est."
    NOT_KEPT_MANY = "Il n’est pas gardé dans recus, où {size} de fichiers refusés sont déjà : il reste là où il est."
    SET_ASIDE = "Le canevas avait mis ce fichier de côté, illisible : il n’y a rien à y prendre."
    FORGED_TEAM = (
        f"« {team.FILE} » ne nomme pas les mêmes personnes que « {manifest.FILE} » : ce n’est pas "
        f"« Remettre » qui a fait ce fichier. {_AGAIN}"
    )
    BLANK = "rien n’est écrit dans ce canevas"
    UNREADABLE_CANVAS = "canevas {objective} illisible : {detail}"
    UNREADABLE_PLAN = "plan illisible : {detail}"
    FILE_LEFT_OUT = "{name} n’est pas repris : {detail}"
    # nbgrader's exchange.
    NO_EXCHANGE_HERE = "L’échange de nbgrader n’existe pas sous Windows : donnez les fichiers remis."
    NO_INBOUND = "Ce dossier des remises n’existe pas : rien n’a encore été remis par l’échange."
    UNREADABLE_EXCHANGE = "L’échange ne se laisse pas lire ({detail})."
    NO_DROP_NAME = "Ce n’est pas un nom de remise."
    DROP_REFUSED = "Refusée : {detail}."
    DROP_NOT_COPIED = "Elle ne se laisse pas recueillir : {detail}."
    DROP_REMARK = "{detail}"
    OLDER_DROP = "Une remise plus récente du même compte est là."
    # Its trainees.
    NAMELESS = "ce fichier ne dit pas de qui il est (« {text} » dans {table})"
    PLACE = "« {name} » est peut-être un lieu, un appareil ou un dossier, et non une personne"
    ODD_SPELLING = "ce nom a perdu le codage de ses accents : {names}"
    UNLISTED = "« {name} » n’est pas dans {list}"
    NAMESAKES = "plusieurs personnes s’appellent peut-être « {name} »"
    SAME_AS_LEFT = "« {id} » est peut-être « {old} », qui a des remises et n’est plus dans « {list} »"
    LEFT_BY_DECISION = "laissé de côté par une réponse donnée ({file})"
    CLAIM = "remise au nom de {names} par un fichier de {sender}"
    CLAIM_LEFT_BY_DECISION = "{claim}, laissée de côté par une réponse donnée"
    OTHERS_BY_ACCOUNT = "nomme {names} sans nommer son propre compte : pris pour lui seul"
    BY_ACCOUNT = "remise par le compte « {account} »"
    # The version that counts.
    NO_DATE = "sans date : comptée du moment de sa réception"
    FUTURE_DATE = "datée du {date}, après sa réception : comptée du moment de sa réception"
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
    LATER_CANVAS_CAME = "« {place} » est une version plus récente de ce canevas ; celle-ci est gardée dans recus"
    LATER_CANVAS_STANDS = "le canevas enregistré le {date} est plus récent"
    LATER_REVISION_STANDS = "une version plus avancée du même travail est là ; celle-ci est gardée dans recus"
    OTHER_WORKBOOK = (
        "ces réponses viennent d’un autre classeur que celles du {date}, qu’elles remplaceraient : laquelle compte ?"
    )
    UNSURE_DATE = (
        "ces réponses viennent d’un autre classeur que celles du {date}, et l’une des deux dates n’est pas sûre : "
        "laquelle compte ?"
    )
    BOTH_CHANGED = "une autre copie du même classeur, du {date}, a changé de son côté : laquelle compte ?"
    FEWER_MEMBERS = "{names} n’y figure plus, contrairement à celle du {date} : laquelle compte ?"
    FEWER_CANVASES = "il y manque {names}, qui est dans celle du {date}\u00a0: laquelle compte\u202f?"
    AFTER_CHOICE = "elle vient après celle du {date}, que vous aviez remise en place : laquelle compte ?"
    PUT_BACK = "remise en place par vous"
    NOT_CHOSEN = "celle du {date} compte, choisie par vous"
    CANVAS_WAITS = f"la copie du {{date}} est {_BY_EXCHANGE} : ce canevas y remplacerait le sien"
    # The disk.
    NOT_PLACED = "{detail}"
    # Questions and their answers.
    WHO = "{place} : {reason}. Qui est-ce ?"
    WHICH_NAMED = "« {name} » : lequel"
    TAKE_CLAIM = "{place} : {reason}. Que faire ?"
    WHICH_COPY = (
        "{place} : {name} a aussi une copie de l’échange, dont le compte est vérifié, du {proven}. Celle "
        "sans compte vérifié est du {unproven}. Laquelle compte ?"
    )
    WHICH_COUNTS = "{place} ({names}) : {reason}"
    THIS_ONE = "celle-ci, du {date}"
    THE_OTHER = "celle qui est là"
    WHO_LEFT = (
        "« {name} » a des remises, et n’est plus dans « {list} ». Est-ce quelqu’un de la liste, dont l’identifiant a "
        "changé ?"
    )
    STILL_HERE = "non : remettre cette personne dans la liste"
    HAS_LEFT = "non : elle a quitté la classe, ses remises restent"
    WHICH_VERSION = "{name} : quelle version remettre en place ?"
    VERSION = "{content}, {place}, du {date} ({names})"
    APART = "{name} a une autre version, du {date}, remise sans tout ce groupe : la remplacer aussi ?"
    REPLACE_TOO = "oui : remettre en place celle du groupe"
    KEEP_APART = "non : elle reste"
    APART_STAYS = "la version du {date} reste : elle est remise sans tout ce groupe"
    NEW_TRAINEE = "nouveau stagiaire"
    LEAVE = "laisser de côté"
    FOR_THE_NAMED = "la prendre pour les personnes nommées"
    LEAVE_CLAIM = "la laisser de côté"
    UNPROVEN_COPY = "celle sans compte vérifié"
    PROVEN_COPY = "celle de l’échange"
    # Notices on the reception.
    NO_LIST = "Cette classe n’a pas de liste : chaque nom nouveau devient un stagiaire de « {list} »."
    LEFT_LIST = (
        "« {name} » a des remises, et n’est plus dans « {list} » : remettez sa ligne, avec l’identifiant « {id} » tel "
        "quel (un tableur efface les zéros du début), ou recommencez sans --sans-question et répondez."
    )
    NOT_BACK = (
        "« {id} » n’est plus dans « {list} » : rien n’est changé pour cette personne. Remettez sa ligne, avec cet "
        "identifiant, puis recommencez."
    )
    BACK_IN_LIST = "« {list} » est corrigé : {id} y est de nouveau."
    KEPT = "Ce qui est refusé est gardé à côté de « {file} », qui dit de qui, pourquoi, et que répondre."
    UNANSWERED = (
        "{count} sans réponse : ce qui en dépend est laissé de côté, rien n’est remplacé, et le prochain recueil le "
        "demandera de nouveau."
    )
    TO_ASSIGN = (
        "Pour attribuer ce qui reste : recommencez sans --sans-question, ou par le bouton « Recueillir » du "
        "bureau du formateur, et répondez ; ou complétez « {file} » (nom écrit ; identifiant), puis recommencez."
    )


Fact = str | datetime


class Reason:
    """A reason with its facts: dates, names, or sentences of the core."""

    __slots__ = ("_facts", "why")

    def __init__(self, why: Why, **facts: Fact | Reason) -> None:
        """Set the reason.

        Args:
            why: The reason.
            facts: The facts that the sentence of `why` names; a moment is worded in the computer's own time.
        """
        self.why = why
        self._facts = facts

    def __str__(self) -> str:
        """Return its French sentence, or a part of one."""
        facts = {
            name: words.moment(fact) if isinstance(fact, datetime) else str(fact) for name, fact in self._facts.items()
        }
        return self.why.sentence.format(**facts)
