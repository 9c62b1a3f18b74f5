"""The commands of `course`: their names, arguments, help texts and functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from course.commands.french import path, path_or_word, port
from course.lab.launch import INSTRUCTOR_PORT, TRAINEE_PORT

SLIDES, QUESTIONNAIRES = "diapositives", "questionnaires"
"""The folders in which decks and questionnaires are written."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A positional argument or an option of a command.

    Attributes:
        parameter: The parameter of the command's function that receives its value.
        help: Its help text, in French.
        option: `--vers`; empty for a positional argument.
        metavar: The name of its value in the help; empty for a flag.
        convert: Converts the typed text to the value.
        many: Whether it takes any number of values.
        default: The value when it is not typed; a typed flag has the opposite value.
    """

    parameter: str
    help: str
    option: str = ""
    metavar: str = ""
    convert: Callable[[str], object] = str
    many: bool = False
    default: str | bool | None = None


class Needs(Enum):
    """The requirements of a command."""

    NOTHING = auto()
    INSTRUCTOR = auto()
    """The packages of instructors."""
    CLASS = auto()
    """The same, and a class without an unfinished restoration."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `course`.

    Attributes:
        name: Its name.
        function: Its function as `package.module:name`, imported when the command runs.
        help: Its help text: one line, in French.
        description: The same in a sentence or two.
        arguments: Its arguments, in the order of its help.
        needs: Its requirements.
    """

    name: str
    function: str
    help: str
    description: str
    arguments: tuple[Argument, ...] = ()
    needs: Needs = Needs.NOTHING


def _flag(parameter: str, option: str, text: str, *, default: bool = False) -> Argument:
    return Argument(parameter, text, option, default=default)


def _destination(parameter: str, text: str, default: str | None = None) -> Argument:
    return Argument(parameter, text, "--vers", "DOSSIER", path, default=default)


def _port(usual: str) -> Argument:
    return Argument("port", f"le port du serveur, toujours le même (d’ordinaire : {usual})", "--port", "N", port)


_COURSE = Argument("folder", "le dossier du cours (d’ordinaire : celui où vous êtes)", "--dossier", "CHEMIN", path)
_WORKBOOK = Argument(
    "folder",
    "le dossier de votre classeur (d’ordinaire : soins-centres-personnes, dans votre dossier personnel)",
    "--dossier",
    "CHEMIN",
    path,
)
_GOALS = Argument("goals", "un ou plusieurs cahiers : but-1 … but-5 (sinon, tous)", metavar="CAHIER", many=True)
_NO_BROWSER = _flag(
    "browser", "--sans-navigateur", "donner l’adresse à ouvrir, sans ouvrir de navigateur", default=True
)
_SURE = _flag("sure", "--oui", "ne rien demander")

_SERVER_PORT = _port(f"{TRAINEE_PORT}, formateur : {INSTRUCTOR_PORT}")

TRAINEE = (
    Command(
        "open",
        "course.commands.lab:open_lab",
        "ouvrir le cours dans le navigateur",
        "Ouvre le cours dans votre navigateur. Ctrl + C, dans cette fenêtre, le ferme.",
        (
            _WORKBOOK,
            _SERVER_PORT,
            _NO_BROWSER,
            _flag("instructor", "--formateur", "ouvrir le bureau du formateur, dans le dossier du cours"),
        ),
    ),
    Command(
        "close",
        "course.commands.lab:close_lab",
        "fermer le cours resté ouvert",
        "Arrête le cours qui tourne encore, quand sa fenêtre n’est plus là.",
        (
            _WORKBOOK,
            _SERVER_PORT,
            _flag("instructor", "--formateur", "fermer le bureau du formateur"),
        ),
    ),
    Command(
        "submit",
        "course.workbook.handin.command:submit",
        "remettre le cahier d’un but",
        "Fait de vos réponses un seul fichier à remettre, et un reçu à imprimer. Ce qui n’est pas rempli est dit "
        "avant, et n’empêche rien.",
        (
            Argument("name", "le cahier : but-1, but-2, but-3, but-4 ou but-5", metavar="CAHIER"),
            _WORKBOOK,
            _SURE,
        ),
    ),
    Command(
        "resume",
        "course.workbook.handin.command:take_up",
        "reprendre une remise dans votre classeur",
        "Remet dans votre classeur les réponses d’un fichier remis, ou d’un seul canevas. Rien de ce qui est écrit ne "
        "se perd : deux textes qui diffèrent sont gardés tous les deux.",
        (
            Argument("path", "le fichier .zip remis, ou un fichier 1.1.json", metavar="FICHIER", convert=path),
            _WORKBOOK,
            _SURE,
        ),
    ),
    Command(
        "document",
        "course.documents.command:document",
        "écrire un canevas, un cahier ou le plan en Word, en Excel ou à imprimer",
        "Écrit vos réponses dans un document à garder, à envoyer, à imprimer ou à continuer sans Jupyter\u202f; ce que "
        "l’on y change revient par «\u202fimport\u202f». Un document déjà écrit n’est jamais remplacé.",
        (
            Argument("name", "le canevas, le cahier ou le plan\u00a0: 1.1, but-1, plan", metavar="CANEVAS"),
            Argument("form", "docx (Word, d’ordinaire), xlsx (Excel) ou html (à imprimer)", "--format", "FORMAT"),
            _WORKBOOK,
            Argument(
                "to", "le fichier à écrire (d’ordinaire\u00a0: dans documents/ du classeur)", "--vers", "FICHIER", path
            ),
            _flag("blank", "--vierge", "laisser le canevas ou le plan vide, pour le remplir à la main"),
            Argument("paper", "A4 (d’ordinaire) ou A3", "--papier", "PAPIER"),
        ),
    ),
    Command(
        "import",
        "course.documents.command:import_files",
        "reprendre un canevas ou un plan rempli dans Word, dans Excel ou dans un CSV",
        "Lit cellule par cellule ce qui a été rempli sans Jupyter et le met dans votre classeur\u202f; dit ce qui est "
        "pris, changé ou refusé. Rien de ce qui est écrit ne se perd\u00a0: deux textes qui diffèrent sont gardés tous "
        "les deux, et ce qui ne trouve pas de place est gardé dans un fichier.",
        (
            Argument("paths", "un fichier .xlsx, .docx ou .csv", metavar="FICHIER", convert=path, many=True),
            _WORKBOOK,
            _flag("ask", "--sans-question", "laisser de côté ce qui demanderait une réponse", default=True),
            _SURE,
        ),
    ),
    Command(
        "attestation",
        "course.workbook.progress.command:attestation",
        "faire votre attestation de participation",
        "Écrit une page par personne du classeur, qui dit les leçons lues et les canevas remplis, à imprimer et à "
        "faire signer.",
        (_WORKBOOK,),
    ),
    Command(
        "verify",
        "course.instructor.giveback.verification:verify",
        "vérifier une attestation, sans réseau",
        "Dit si une attestation est telle qu’elle a été faite, à la lettre près, et quelle clé l’a signée.",
        (
            Argument("file", "le fichier de l’attestation", metavar="FICHIER", convert=path),
            Argument(
                "public",
                "la clé publique de la promotion (d’ordinaire\u00a0: celle de votre dossier de cours)",
                "--cle",
                "CLE",
                path,
            ),
            _COURSE,
        ),
    ),
)

INSTRUCTOR = (
    Command(
        "new",
        "course.instructor.cohort.layout:new",
        "faire le dossier d’un cours",
        "Fait un dossier où vivra votre promotion : les réglages de nbgrader, les leçons, les exercices, la liste des "
        "stagiaires et l’endroit où déposer ce qu’ils remettent.",
        (Argument("folder", "le dossier à faire", metavar="DOSSIER", convert=path),),
        Needs.INSTRUCTOR,
    ),
    Command(
        "intake",
        "course.instructor.intake.command:intake",
        "recueillir ce que les stagiaires ont remis",
        "Lit ce que les stagiaires envoient (fichiers de « Remettre », zip de Moodle, pièces jointes, réponses seules, "
        "échange de nbgrader), range chaque remise chez son stagiaire, et dit ce que devient chaque fichier. "
        "Recommencer ne change rien.",
        (
            Argument(
                "paths",
                "un fichier, un dossier ; le mot « exchange » pour l’échange de nbgrader (d’ordinaire : le dossier "
                "cohort/a-recueillir)",
                metavar="CHEMIN",
                convert=path_or_word,
                many=True,
            ),
            _flag("ask", "--sans-question", "laisser de côté ce qui demanderait une réponse", default=True),
            Argument(
                "back",
                "ne rien recueillir, mais remettre en place une version d’avant : celle d’un stagiaire, que l’on "
                "choisit, ou un fichier de cohort/recus (le début de son nom suffit) ; ce choix reste",
                "--remettre",
                "QUOI",
            ),
            _COURSE,
        ),
        Needs.CLASS,
    ),
    Command(
        "enter",
        "course.instructor.intake.otherwise:enter",
        "entrer un travail remis autrement\u00a0: Word, Excel, papier",
        "Prend un canevas ou un plan rempli dans Word, Excel ou un CSV, ou ce que vous tapez d’un travail sur papier, "
        "et le range chez son stagiaire ou son groupe comme toute autre remise. Une photographie est gardée à côté.",
        (
            Argument(
                "paths",
                "des fichiers .xlsx, .docx, .csv, ou une photographie",
                metavar="FICHIER",
                convert=path,
                many=True,
            ),
            Argument(
                "name", "de qui\u00a0: un identifiant, un nom, ou un groupe de la liste", "--pour", "QUI", default=""
            ),
            Argument("canvas", "le canevas\u00a0: 1.1 … 5.5", "--canevas", "CANEVAS", default=""),
            Argument(
                "text",
                'ce qui compte\u00a0: une ligne par action, "1.1.a\u00a0: stratégie → action"',
                "--texte",
                "TEXTE",
                default="",
            ),
            _COURSE,
            _flag("ask", "--sans-question", "laisser de côté ce qui demanderait une réponse", default=True),
        ),
        Needs.CLASS,
    ),
    Command(
        "grade",
        "course.instructor.grading.engine:grade",
        "compter la complétude de ce qui est nouveau ou changé",
        "Corrige les copies nouvelles ou changées dans le carnet de notes de nbgrader, comme « nbgrader autograde » et "
        "bien plus vite. Vos notes et vos commentaires restent.",
        (_GOALS, _flag("force", "--tout", "corriger aussi ce qui n’a pas changé"), _COURSE),
        Needs.CLASS,
    ),
    Command(
        "review",
        "course.commands.lab:review",
        "noter la qualité, canevas par canevas",
        "Ouvre dans votre navigateur la table de correction : un canevas, toute la classe, copies anonymes. Ctrl + C, "
        "dans cette fenêtre, la ferme.",
        (_port(str(INSTRUCTOR_PORT)), _NO_BROWSER, _COURSE),
        Needs.CLASS,
    ),
    Command(
        "class",
        "course.instructor.classview.command:look",
        "voir où en est la classe, et en sortir un tableau",
        "Dit qui a remis quoi, où les canevas en sont et ce que personne n’a traité ; écrit le tableau de toutes les "
        "réponses (CSV, Excel, Parquet), les graphiques et la vue plénière.",
        (
            _flag("plenary", "--pleniere", "écrire la vue plénière seulement"),
            _destination("to", "le dossier où écrire (d’ordinaire : cohort/bilans/classe)"),
            _COURSE,
        ),
        Needs.CLASS,
    ),
    Command(
        "plans",
        "course.instructor.classview.plans:show",
        "voir les plans des équipes, les réunir, les suivre à trois mois",
        "Écrit la page de tous les plans remis, les actions qui se ressemblent côte à côte, un plan du district où "
        "chaque action dit de qui elle vient, et la table du suivi à trois mois, que l’on remplit au téléphone.",
        (_COURSE,),
        Needs.CLASS,
    ),
    Command(
        "feedback",
        "course.instructor.giveback.command:feedback",
        "écrire les retours, une page par stagiaire",
        "Écrit pour chaque stagiaire une page à imprimer ou à envoyer (notes, critères, commentaire, ses propres "
        "mots), et un zip pour la classe.",
        (
            _GOALS,
            _flag("models", "--corriges", "joindre les corrigés"),
            _flag("release", "--rendre", "rendre aussi par l’échange de nbgrader"),
            _COURSE,
        ),
        Needs.CLASS,
    ),
    Command(
        "marks",
        "course.instructor.giveback.command:marks",
        "sortir les notes pour Moodle et pour Excel",
        "Écrit les notes de toute la classe : un CSV à importer dans Moodle, un CSV et un classeur Excel.",
        (_destination("to", "le dossier où écrire (d’ordinaire : cohort/bilans)"), _COURSE),
        Needs.CLASS,
    ),
    Command(
        "trainee",
        "course.instructor.giveback.trainee:show",
        "voir tout ce qui est arrivé à une personne",
        "Écrit une page sur une personne\u00a0: tout ce qui est venu d’elle, quand et d’où, ce qui a été refusé et "
        "pourquoi, qui a noté et changé quoi, ce qui lui a été rendu. On y règle une contestation.",
        (Argument("name", "son identifiant, ou son nom", metavar="STAGIAIRE"), _COURSE),
        Needs.CLASS,
    ),
    Command(
        "deadline",
        "course.instructor.giveback.deadline:deadline",
        "fixer, prolonger ou lever l’échéance d’un cahier",
        "Écrit l’échéance d’un cahier dans cohort/echeances.csv, pour tous ou pour une personne. Un retard se voit, et "
        "ne retire aucun point. Sans autre mot, montre les échéances et qui est en retard.",
        (
            Argument("goal", "le cahier\u00a0: but-1 … but-5", metavar="CAHIER", many=True),
            Argument("date", '15/12/2026, ou "15/12/2026 18:00"', "--date", "DATE", default=""),
            Argument("name", "une seule personne\u00a0: identifiant ou nom", "--pour", "STAGIAIRE", default=""),
            _flag("excused", "--excuser", "excuser cette personne"),
            _flag("remove", "--enlever", "enlever cette échéance"),
            _COURSE,
        ),
        Needs.CLASS,
    ),
    Command(
        "attestations",
        "course.instructor.giveback.attestations:attestations",
        "écrire et signer les attestations de la promotion",
        "Écrit pour chaque stagiaire qui a réussi un but, d’après le carnet de notes seul, une page à imprimer, à "
        "signer et à tamponner\u202f; la clé de la promotion la signe, et «\u202fverify\u202f» la vérifie.",
        (
            _flag("participation", "--participation", "attester la participation (les canevas remis), sans les notes"),
            Argument(
                "hours",
                "les heures de la formation (d’ordinaire\u00a0: ce que le cours prévoit)",
                "--heures",
                "N",
                default="",
            ),
            Argument("session", "le lieu et les dates de la formation", "--session", "TEXTE", default=""),
            _COURSE,
        ),
        Needs.CLASS,
    ),
    Command(
        "forget",
        "course.instructor.keeping.commands:forget",
        "effacer une personne du carnet de notes et des dossiers",
        "Efface d’une personne tout ce que ce cours garde : copies, notes, retours, nom. On ne revient pas en arrière.",
        (
            Argument("name", "son identifiant, ou son nom", metavar="STAGIAIRE"),
            _SURE,
            _flag("archives", "--archives", "effacer aussi les archives où elle se trouve"),
            _COURSE,
        ),
        Needs.INSTRUCTOR,
    ),
    Command(
        "archive",
        "course.instructor.keeping.commands:archive",
        "garder une copie datée et vérifiée de la promotion",
        "Fait de tout ce que la promotion a remis, et du carnet de notes, un seul fichier daté dont chaque pièce a son "
        "empreinte.",
        (_destination("to", "le dossier où écrire (d’ordinaire : cohort/archives)"), _COURSE),
        Needs.INSTRUCTOR,
    ),
    Command(
        "restore",
        "course.instructor.keeping.commands:restore",
        "relire une archive de la promotion",
        "Vérifie une archive, garde de côté ce qui est là, puis remet la promotion comme elle était.",
        (
            Argument("file", "l’archive de la promotion", metavar="ARCHIVE", convert=path),
            _SURE,
            _COURSE,
        ),
        Needs.INSTRUCTOR,
    ),
    Command(
        "demo",
        "course.instructor.demo.command:demo",
        "remplir une promotion de 24 stagiaires fictifs",
        "Remplit une promotion fictive, 24 stagiaires en 6 groupes, du plus soigneux au plus pressé, pour tout essayer "
        "en une minute.",
        (_destination("to", "le dossier où faire ce cours d’essai (d’ordinaire : demo, dans le dossier du cours)"),),
        Needs.INSTRUCTOR,
    ),
)

AUTHOR = (
    Command(
        "tidy",
        "course.authoring.notebooks:tidy",
        "ranger les notebooks que vous avez modifiés, et refaire les exercices",
        "Enlève des notebooks ce que JupyterLab y a laissé (sorties, compteurs, identifiants au hasard) sans toucher à "
        "vos textes, puis refait « exercises/ » depuis « solutions/ ».",
        (
            Argument(
                "notebooks",
                "un notebook de modules/ ou de solutions/ (sinon, tous)",
                metavar="NOTEBOOK",
                convert=path,
                many=True,
            ),
        ),
    ),
    Command(
        "adapt",
        "course.authoring.country:adapt",
        "mettre dans le cours les mots de votre pays",
        "Remplace dans les leçons, les cahiers, les corrigés, les quiz, les fiches et le district les sigles, les "
        "langues, la monnaie et les mois, d’après la table data/country.csv. À faire avant que la formation commence.",
        (_flag("back", "--revenir", "remettre les mots avec lesquels le cours a été écrit"),),
        Needs.INSTRUCTOR,
    ),
    Command(
        "slides",
        "course.authoring.slides:export",
        "faire des diapositives avec les leçons",
        "Écrit chaque leçon comme un diaporama d’un seul fichier, à ouvrir dans un navigateur, sans réseau.",
        (
            Argument(
                "modules",
                "son numéro ou son nom : 2, 02-concepts (sinon, toutes)",
                metavar="LEÇON",
                many=True,
            ),
            _destination("folder", f"le dossier où les écrire (d’ordinaire : {SLIDES})", SLIDES),
        ),
    ),
    Command(
        "paper",
        "course.authoring.paper:export",
        "imprimer le test, un quiz avec son corrigé, le guide, les scènes, le glossaire",
        "Écrit une feuille à imprimer, à ouvrir dans un navigateur, sans réseau\u202f; un quiz et le test ont leur "
        "corrigé. Sans autre mot, c’est le test que l’on passe avant et après la formation.",
        (
            Argument(
                "names",
                "le numéro ou le nom d’une leçon, pour son quiz\u202f; guide, scenes ou glossaire (sinon, le test)",
                metavar="FEUILLE",
                many=True,
            ),
            _destination("folder", f"le dossier où les écrire (d’ordinaire : {QUESTIONNAIRES})", QUESTIONNAIRES),
        ),
    ),
)

COMMANDS = (*TRAINEE, *INSTRUCTOR, *AUTHOR)
