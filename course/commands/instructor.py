"""What an instructor types: taking in, grading, reviewing, looking at the class, giving back, keeping safe."""

from __future__ import annotations

import argparse
from typing import Any

from course.commands.french import Parser, add_server, path, source
from course.lab.launch import INSTRUCTOR_PORT, require


def add(commands: Any) -> None:  # noqa: ANN401 - argparse keeps the type to itself
    """Adds the commands of an instructor to those of `course`."""
    _add_intake(commands)
    _add_grade(commands)
    _add_review(commands)
    _add_class(commands)
    _add_feedback(commands)
    _add_marks(commands)
    _add_forget(commands)
    _add_archive(commands)
    _add_restore(commands)
    _add_demo(commands)


def _add_intake(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "intake",
        help="recueillir ce que les stagiaires ont remis",
        description="Lit ce que les stagiaires envoient (fichiers de « Remettre », zip de Moodle, pièces jointes, "
        "réponses seules, échange de nbgrader), range chaque remise chez son stagiaire, et dit ce que devient chaque "
        "fichier. Recommencer ne change rien.",
    )
    command.add_argument(
        "paths",
        type=source,
        nargs="*",
        metavar="CHEMIN",
        help="un fichier, un dossier ; le mot « exchange » pour l’échange de nbgrader (d’ordinaire : le dossier "
        "cohort/a-recueillir)",
    )
    command.add_argument(
        "--sans-question", dest="ask", action="store_false", help="laisser de côté ce qui demanderait une réponse"
    )
    _add_course(command)
    command.set_defaults(act=_intake)


def _add_grade(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "grade",
        help="compter la complétude de ce qui est nouveau ou changé",
        description="Corrige les copies nouvelles ou changées dans le carnet de notes de nbgrader, comme « nbgrader "
        "autograde » et bien plus vite. Vos notes et vos commentaires restent.",
    )
    _add_goals(command)
    command.add_argument("--tout", dest="force", action="store_true", help="corriger aussi ce qui n’a pas changé")
    _add_course(command)
    command.set_defaults(act=_grade)


def _add_review(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "review",
        help="noter la qualité, canevas par canevas",
        description="Ouvre dans votre navigateur la table de correction : un canevas, toute la classe, copies "
        "anonymes. Ctrl + C, dans cette fenêtre, la ferme.",
    )
    add_server(command, str(INSTRUCTOR_PORT))
    _add_course(command)
    command.set_defaults(act=_review)


def _add_class(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "class",
        help="voir où en est la classe, et en sortir un tableau",
        description="Dit qui a remis quoi, où les canevas en sont et ce que personne n’a traité ; écrit le tableau de "
        "toutes les réponses (CSV, Excel, Parquet), les graphiques et la vue plénière.",
    )
    command.add_argument("--pleniere", dest="plenary", action="store_true", help="écrire la vue plénière seulement")
    _add_destination(command, "cohort/bilans/classe")
    _add_course(command)
    command.set_defaults(act=_class)


def _add_feedback(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "feedback",
        help="écrire les retours, une page par stagiaire",
        description="Écrit pour chaque stagiaire une page à imprimer ou à envoyer (notes, critères, commentaire, ses "
        "propres mots), et un zip pour la classe.",
    )
    _add_goals(command)
    command.add_argument("--corriges", dest="models", action="store_true", help="joindre les corrigés")
    command.add_argument("--rendre", dest="release", action="store_true", help="rendre aussi par l’échange de nbgrader")
    _add_course(command)
    command.set_defaults(act=_feedback)


def _add_marks(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "marks",
        help="sortir les notes pour Moodle et pour Excel",
        description="Écrit les notes de toute la classe : un CSV à importer dans Moodle, un CSV et un classeur Excel.",
    )
    _add_destination(command, "cohort/bilans")
    _add_course(command)
    command.set_defaults(act=_marks)


def _add_forget(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "forget",
        help="effacer une personne du carnet de notes et des dossiers",
        description="Efface d’une personne tout ce que ce cours garde : copies, notes, retours, nom. On ne revient "
        "pas en arrière.",
    )
    command.add_argument("name", metavar="STAGIAIRE", help="son identifiant, ou son nom")
    command.add_argument("--oui", dest="sure", action="store_true", help="ne rien demander")
    command.add_argument("--archives", action="store_true", help="effacer aussi les archives où elle se trouve")
    _add_course(command)
    command.set_defaults(act=_forget)


def _add_archive(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "archive",
        help="garder une copie datée et vérifiée de la promotion",
        description="Fait de tout ce que la promotion a remis, et du carnet de notes, un seul fichier daté dont "
        "chaque pièce a son empreinte.",
    )
    _add_destination(command, "cohort/archives")
    _add_course(command)
    command.set_defaults(act=_archive)


def _add_restore(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "restore",
        help="relire une archive de la promotion",
        description="Vérifie une archive, garde de côté ce qui est là, puis remet la promotion comme elle était.",
    )
    command.add_argument("file", type=path, metavar="ARCHIVE", help="le fichier fait par « course archive »")
    command.add_argument("--oui", dest="sure", action="store_true", help="ne rien demander")
    _add_course(command)
    command.set_defaults(act=_restore)


def _add_demo(commands: Any) -> None:  # noqa: ANN401
    command = commands.add_parser(
        "demo",
        help="remplir une promotion de 24 stagiaires fictifs",
        description="Remplit une promotion fictive, 24 stagiaires en 6 groupes, du plus soigneux au plus pressé, pour "
        "tout essayer en une minute.",
    )
    command.add_argument(
        "--vers",
        dest="to",
        type=path,
        metavar="DOSSIER",
        help="le dossier où faire ce cours d’essai (d’ordinaire : demo, dans le dossier du cours)",
    )
    command.set_defaults(act=_demo)


def _add_goals(command: Parser) -> None:
    command.add_argument(
        "goals", nargs="*", metavar="CAHIER", help="un ou plusieurs cahiers : but-1 … but-5 (sinon, tous)"
    )


def _add_destination(command: Parser, usual: str) -> None:
    command.add_argument(
        "--vers", dest="to", type=path, metavar="DOSSIER", help=f"le dossier où écrire (d’ordinaire : {usual})"
    )


def _add_course(command: Parser) -> None:
    command.add_argument(
        "--dossier",
        dest="folder",
        type=path,
        metavar="CHEMIN",
        help="le dossier du cours (d’ordinaire : celui où vous êtes)",
    )


def _intake(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.intake.command import intake  # noqa: PLC0415

    intake(asked.paths, asked.folder, asked.ask)


def _grade(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.grading.direct.command import grade  # noqa: PLC0415

    grade(asked.goals, asked.folder, asked.force)


def _review(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.review.command import review  # noqa: PLC0415

    review(asked.folder, asked.browser, asked.port)


def _class(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.classview.command import look  # noqa: PLC0415

    look(asked.folder, asked.to, asked.plenary)


def _feedback(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.giveback.command import feedback  # noqa: PLC0415

    feedback(asked.goals, asked.folder, asked.models, asked.release)


def _marks(asked: argparse.Namespace) -> None:
    _ready(asked)
    from course.instructor.giveback.command import marks  # noqa: PLC0415

    marks(asked.folder, asked.to)


def _forget(asked: argparse.Namespace) -> None:
    require("nbgrader")
    from course.instructor.keeping.command import forget  # noqa: PLC0415

    forget(asked.name, asked.folder, asked.sure, asked.archives)


def _archive(asked: argparse.Namespace) -> None:
    require("nbgrader")
    from course.instructor.keeping.command import archive  # noqa: PLC0415

    archive(asked.folder, asked.to)


def _restore(asked: argparse.Namespace) -> None:
    require("nbgrader")
    from course.instructor.keeping.command import restore  # noqa: PLC0415

    restore(asked.file, asked.folder, asked.sure)


def _demo(asked: argparse.Namespace) -> None:
    require("nbgrader")
    from course.instructor.demo.command import demo  # noqa: PLC0415

    demo(asked.to)


def _ready(asked: argparse.Namespace) -> None:
    """Makes sure that an instructor's packages are there, and that no restoration was left half done."""
    require("nbgrader")
    from course.instructor.cohort.places import find  # noqa: PLC0415
    from course.instructor.keeping.exclusive import finish  # noqa: PLC0415

    finish(find(asked.folder))
