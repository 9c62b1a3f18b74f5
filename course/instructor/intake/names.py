"""Names of people as different hands write them: equal names, similar names, and the names on a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

from course.core.answers import FOLDER
from course.core.folders import EXERCISES, HANDED_IN
from course.core.names import is_likely, respelled
from course.core.zips import MAX_PART
from course.instructor.cohort.places import COURSE_ID

_APOSTROPHES = "'’ʼ‘`´ʹ"
_HYPHENS = "-‐‑–—"
# Vowel signs that Arabic texts have or leave out; in other scripts such signs are letters, and stay.
_TASHKIL = range(0x064B, 0x0653)

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.S)
_ENDINGS = re.compile(
    r"\.(zip|zi_|json|ipynb|m?html?|recu|bin|txt|download|crdownload|part(ial)?|opdownload|docx?|odt|rtf|pages|xlsx?|ods"
    r"|csv|numbers|pptx?|odp|pdf|jpe?g|png|gif|hei[cf]|webp|avif|bmp|tiff?|mp[34]|m4a|3gp|amr|ogg|opus|wav|avi|mov|mkv"
    r"|webm|eml|msg|rar|7z|tar|t?gz|bz2|xz|zst)$",
    re.I,
)
# Additions of programs that synchronise folders to the name of a second version: Dropbox, Nextcloud, Seafile, pCloud in
# English and French; Syncthing, ownCloud and Synology; OneDrive, which adds the computer's name. Every repetition is
# bounded: names come from zips.
_CONFLICT = re.compile(
    r"[(\[][^()\[\]]{0,80}\b(sf)?confli(ct|t)(ed|uelle)?s?\b[^()\[\]]{0,80}[)\]]"
    r"|[(\[](copie|copy|kopie)\b[^()\[\]]{0,80}[)\]]|[(\[][^()\[\]]{0,80}[)\]][ ._-]{0,9}confli(ct|t)(ed)?$"
    r"|\b(copie|version)[ _-](en[ _-]conflit|conflictuelle)([ _-]de)?\b|\bconflicted[ _-]copy([ _-]of)?\b"
    r"|[.~_ -]{1,9}confli(ct|t)(ed)?$|(?<=_but-[1-5])-[\w-]{1,63}$"
    r"|-(hp|dell|lenovo|asus|acer|toshiba)([-_][\w-]{1,63})?$"
    r"|[.~_ -]{0,9}sync-conflict-\d{8}-\d{6}(-\w{1,63})?|_conflict-\d{8}-\d{6}"
    r"|_([^\W_]|-){1,63}_\w{3}-\d\d-\d{4}-\d{4}_conflict"
    r"|[-_ ](desktop|laptop|pc|macbook|imac|ordi|ordinateur|poste)([-_ ][\w-]{1,63})?$",
    re.I,
)
# Additions of browsers, systems and the course itself.
_ADDED = re.compile(
    r"\(\d+\)|\bcopie( de)?\b|\bcopy( of)?\b|\bkopie( von)?\b|\bbut[ _-]?[1-5]\b|\bcanevas\b|\bmes[ _-]r[ée]ponses\b"
    r"|\br[ée]ponses?\b|\bremises?\b|\d{4}-\d{2}-\d{2}|(?<!\d)[1-5]\.[1-9](?!\d)|\bsans[ _-]nom\b"
    r"|\b(doc|img|vid|aud|ptt)-\d{8}-wa\d+\b|\bdrive-download-\w+(-\d+)*\b|\bfinal[e]?\b|\bv\d+\b",
    re.I,
)
# Words of names that are no person's: those of the course, then those of systems, browsers and messengers.
_OWN = (COURSE_ID, EXERCISES, HANDED_IN, FOLDER, "modules", "solutions", "demo", "resultats", "classeur")
_GENERIC_WORDS = """
data images cohort precedentes participant participants telechargements telechargement downloads download bureau desktop
documents document mes inbound submitted pieces piece jointe jointes attachments attachment session classe moodle zip
travail travaux devoir devoirs cahier cahiers classeurs final finale version nouveau nouvelle dossier new folder main
master archive fichier fichiers file files sans titre untitled whatsapp telegram unnamed noname
cours formation envoi envois recu recus reception a recueillir usb cle sauvegarde backup corrige
mon sur les exercice exercices stagiaire stagiaires onedrive dropbox google drive icloud nextcloud takeout bluetooth
mobile outlook gmail messenger signal xender shareit share exchange inbox tmp temp
"""
_GENERIC = frozenset(word for text in (*_OWN, _GENERIC_WORDS) for word in re.split(r"[\s-]+", text.strip()))
# Words of rooms, computers, keys, days and places of work in names of folders, which may hold anybody's files.
_PLACE_WORDS = """
les salle salles classe classes poste postes pc ordi ordinateur ordinateurs portable portables laptop tablette tablettes
telephone telephones smartphone samsung huawei tecno itel infinix xiaomi redmi oppo nokia iphone ipad galaxy android
windows linux ubuntu macbook mac imac hp dell lenovo acer asus toshiba kingston sandisk verbatim usb flash cle cles
disque disques disk dur externe sd carte memoire serveur reseau cloud wifi imprimante scanner camera dcim photo photos
video videos musique music atelier ateliers groupe groupes equipe equipes table tables rang centre centres csps cscom
hopital hopitaux clinique cliniques dispensaire maternite pharmacie laboratoire district districts region regions
direction ministere service services unite ecole institut universite faculte bibliotheque maison village quartier ville
commune province lundi mardi mercredi jeudi vendredi samedi dimanche matin matinee midi soir apres jour jours semaine
semaines mois janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre test tests essai
essais exemple exemples modele modeles rapport rapports presentation module modules lecon lecons projet programme
evaluation evaluations plan plans bilan bilans rendu rendus remis corriger corriges annee promotion promo ancien
ancienne anciens derniere dernier premier premiere deuxieme autre autres divers perso personnel prive public commun
partage partages users user utilisateur utilisateurs admin administrateur invite default temporaire brouillon brouillons
formateur formatrice formateurs enseignant enseignants professeur prof secretariat accueil reunion informatique
multimedia principal principale contenu arrivee depart fin debut suite partie
"""
_PLACES = frozenset(_PLACE_WORDS.split())
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "et", "a", "au", "aux"})
_CANVAS = re.compile(r"(canevas[ _-]*)?[1-5]\.[1-9](?!\d)", re.I)
# A folder of these is called after whose computer it is, or where she works: « OneDrive - Ministère de la Santé ».
_SYNCHRONISED = frozenset({"onedrive", "dropbox"})
BETWEEN = " › "
"""Between the parts of a displayed path."""
_NEAREST = 5
_LONGEST_NUMBER = 64  # digits
_LONGEST = 120  # characters of a name
_DEEPEST = 64  # names on a path, of which the nearest to the file count


@dataclass(frozen=True, slots=True)
class Envelope:
    """The names on a file's path.

    Attributes:
        person: The sender by Moodle's folder; empty where it has none.
        number: The number that Moodle gives this person's hand-in.
        names: The parts that may be a name, the nearest to the file first.
        outer: The same for what the instructor named: it may be a trainee's name, but never adds a trainee.
        unsure: Whether a name may have other letters, in another encoding.
    """

    person: str = ""
    number: str = ""
    names: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    unsure: bool = False


def keys(name: str) -> frozenset[str]:
    """Return the keys of a name: neither accents, case, punctuation nor the order of words count.

    Args:
        name: For example « KABORÉ Awa ».

    Returns:
        One key, or two for a name with an apostrophe or a hyphen, which some leave out: two names are the same when
        they share one. No key for a name without a letter or a digit.
    """
    bare = "".join(c for c in name if c not in _APOSTROPHES + _HYPHENS)
    return frozenset(filter(None, (_key(name), _key(bare))))


def _key(name: str) -> str:
    letters: list[str] = []
    latin = False
    for c in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()):
        category = unicodedata.category(c)
        if category == "Cf" or ord(c) in _TASHKIL or (category == "Mn" and latin):
            continue
        if category[0] != "M":
            latin = category[0] == "L" and unicodedata.name(c, "").startswith("LATIN")
        letters.append(c if category[0] in "LMN" else " ")
    return " ".join(sorted(unicodedata.normalize("NFC", "".join(letters)).split()))


def is_mangled(identifier: str, other: str) -> bool:
    """Return whether a spreadsheet may have made an identifier of another: « 0012 » into « 12 », or « 2,26E+11 »."""
    number, changed = _number(identifier), _number(other)
    if number is None or changed is None:
        return identifier.strip().casefold() == other.strip().casefold()
    digits = re.sub(r"e.*", "", other, flags=re.I) if re.search(r"e\+?\d", other, re.I) else ""
    precision = sum(c.isdigit() for c in digits)
    return number == changed or (precision > 0 and f"{number:.{precision - 1}E}" == f"{changed:.{precision - 1}E}")


def _number(identifier: str) -> Decimal | None:
    try:
        number = Decimal("".join(identifier.split()).replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _LONGEST_NUMBER else None


def nearest(name: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names most similar to one, the most similar first.

    Args:
        name: The name as written.
        others: Pairs of a name and its identifier.

    Returns:
        The identifiers of at most five of them, for a person to choose from: nothing is ever matched by likeness.
    """
    wanted = _key(name)
    scored = [(_likeness(wanted, _key(other)), other, identifier) for other, identifier in others]
    return [
        identifier
        for score, _, identifier in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:_NEAREST]
        if score > 0
    ]


def _likeness(one: str, other: str) -> float:
    shared = len(set(one.split()) & set(other.split()))
    ratio = SequenceMatcher(None, one, other).ratio()
    return shared + ratio if shared or ratio >= 0.4 else 0


def share_a_word(one: str, other: str) -> bool:
    """Return whether two names have a word in common that may be a person's: « Diallo famille » and « Awa Diallo »."""
    words = set(_key(one).split()) & set(_key(other).split())
    return any(word.isalpha() and not (word.isascii() and len(word) == 1) and word not in _GENERIC | _PARTICLES
               for word in words) or bool(keys(one) & keys(other))  # fmt: skip


def may_be(one: str, other: str) -> bool:
    """Return whether two writings do not contradict each other: « Awa T. » and « Awa Traoré », but not « Awatif ».

    It silences a warning; in a class with a list it never decides whose a file is.
    """
    short, long = sorted((_key(one).split(), _key(other).split()), key=len)
    return bool(short) and all(any(part == word or (part[0] == word[0] and 1 in {len(part), len(word)})
                                   for word in long) for part in short)  # fmt: skip


def envelope(outer: str, inner: Sequence[str], alone: bool) -> Envelope:
    """Return the names on a file's path.

    Args:
        outer: The name of what the instructor named.
        inner: The names of folders, zips and the file below it, from the outside in.
        alone: Whether the instructor named the file itself.
    """
    person = number = ""
    names: list[str] = []
    for name in (part[:MAX_PART] for part in (*inner[-_DEEPEST:], *((outer,) if alone else ()))):
        rest = name
        if moodle := _MOODLE.fullmatch(name):
            person, number, rest = _tidy(moodle["name"]), moodle["number"], moodle["rest"]
        # The word after « 1.1 » is a computer's name as often as a person's: a folder's name is surer.
        names.insert(len(names) if _CANVAS.match(rest) else 0, _plain(rest))
    if _is_generic(person):
        person = ""
    candidates = [person, *names]
    return Envelope(
        person,
        number,
        tuple(dict.fromkeys(name for name in candidates if not _is_generic(name))),
        () if alone or _is_generic(_plain(outer)) else (_plain(outer),),
    )


@dataclass(frozen=True, slots=True)
class MoodleFolder:
    """A folder of Moodle's export: its name, the number that Moodle gives the person, and the keys of the name."""

    name: str
    number: str
    keys: frozenset[str]


def moodle_folder(place: str) -> MoodleFolder | None:
    """Return the outermost folder of Moodle's export on the displayed path of a file: those inside it are a trainee's.

    Args:
        place: The path, its parts joined by `BETWEEN`.

    Returns:
        The folder; None where there is none.
    """
    for name in place.split(BETWEEN):
        if moodle := _MOODLE.fullmatch(name):
            return MoodleFolder(name.removesuffix(moodle["rest"]), moodle["number"], keys(moodle["name"]))
    return None


def is_answers_folder(name: str) -> bool:
    """Return whether a folder is that of a workbook's answers, or a copy of it: files there bear nobody's name."""
    return name.casefold().startswith((FOLDER, "réponses")) and not _plain(name)


def is_own_folder(name: str) -> bool:
    """Return whether a folder is one of those in which a workbook keeps its goals and their answers."""
    return _plain(name).casefold() in ("", EXERCISES)


def _plain(name: str) -> str:
    """Return the name of a file or folder without endings and the additions of programs."""
    name = name[:MAX_PART]
    for _ in range(3):
        name = _ENDINGS.sub("", name.strip())
    name = _CONFLICT.sub("", name)[:_LONGEST]
    if not is_likely(name) and (others := respelled(name)):
        name = others[0]
    return _tidy(_ADDED.sub(" ", name.replace("_", " "))).strip(" -.,;")


def is_like_a_person_s(name: str) -> bool:
    """Return whether the name of a file or folder looks like a person's: two words or more, none of a place."""
    words = _key(name).split()
    return len(words) > 1 and all(map(str.isalpha, words)) and not is_of_a_place(name)


def is_of_a_place(name: str) -> bool:
    """Return whether the name of a file or folder has a word of a place, a device or a folder of any computer."""
    return not (_GENERIC - _PARTICLES | _PLACES).isdisjoint(_key(name).split())


def _tidy(name: str) -> str:
    visible = (c if unicodedata.category(c)[0] != "C" else " " for c in name)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())[:_LONGEST]


def _is_generic(name: str) -> bool:
    words = _key(name).split()
    return (
        not any(c.isalpha() for c in name)
        or not _SYNCHRONISED.isdisjoint(words)
        or all(word in _GENERIC or word.isdigit() for word in words)
    )
