"""Who is in the class of these tests."""

import csv

from promotion import Trainee

AWA = Trainee("awa", "Awa", "Ouédraogo", "awa@exemple.org", "Groupe 3")
PAUL = Trainee("paul", "Paul", "Kaboré", "paul@exemple.org", "Groupe 3")
ZOE = Trainee("zoé d’été", "Zoé", "N’Guessan <i>", "zoe@exemple.org")
LI = Trainee("李娜", "", "李娜", "li@exemple.org")
NOBODY = Trainee("absente", "=2+5", "@Nulle-Part", "rien@exemple.org")


def rows(path, delimiter=";"):
    """The rows of a table by heading."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
