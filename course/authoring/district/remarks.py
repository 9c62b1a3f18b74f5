"""What people say at the end of an interview, in French as the interviewer wrote it down. Invented; names nobody."""

from __future__ import annotations

from course.authoring.district.table import Row

_CONTENT = (
    "Bon accueil, rien à redire.",
    "L’accueil est chaleureux, même sans rendez-vous.",
    "On a répondu à toutes mes questions.",
    "Le personnel est patient.",
    "J’ai compris comment prendre le traitement.",
    "Merci pour le suivi.",
    "Le centre est propre et calme.",
    "On m’a dit pourquoi je devais revenir.",
    "Le traitement était disponible le jour même.",
    "On a laissé entrer la personne qui m’accompagne.",
    "La vaccination se passe bien ici.",
    "Ma famille vient toujours ici.",
    "Ils écoutent avant de parler.",
    "On m’a montré les gestes à faire à la maison.",
    "L’agent du village m’avait donné le bon conseil.",
    "Continuez ainsi.",
)
_MIXED = (
    "Il manque des bancs à l’ombre.",
    "Il n’y avait plus de comprimés, il a fallu en acheter ailleurs.",
    "Le centre devrait ouvrir plus tôt.",
    "J’ai eu des soins, mais je n’ai pas bien compris la suite.",
    "Il faudrait un abri pour la nuit des accompagnants.",
    "Trop de monde le jour du marché.",
    "Il faudrait de l’eau dans la cour.",
    "Le soignant ne peut pas tout faire, il faut du renfort.",
    "Je voulais parler en privé, il y avait du monde dans la salle.",
    "On m’a parlé de l’ordonnance, pas de la maladie.",
    "La route est coupée quand il pleut.",
    "Le transport coûte plus que les soins.",
    "Il n’y a pas de lumière le soir.",
    "J’aurais voulu que ma famille puisse rester.",
)
_UNHAPPY = (
    "On m’a fait passer après les autres.",
    "Je n’ai pas compris ce que j’ai.",
    "Je ne sais toujours pas quand revenir.",
    "On a crié sur moi à cause du retard.",
    "On m’a dit de revenir, je n’ai pas de quoi payer le transport.",
    "Je n’ai pas osé poser de question.",
    "La consultation a duré deux minutes.",
    "On m’a mal parlé.",
)
_LANGUAGE = (
    "Personne ne parle ma langue, j’ai fait des signes.",
    "Une voisine a traduit, je n’ai pas tout dit.",
    "Un enfant a traduit pour moi, j’avais honte.",
    "On a ri de ma façon de parler.",
    "Il faudrait quelqu’un qui traduise.",
    "J’ai répété trois fois, puis j’ai laissé.",
)
_DISPLACED = (
    "On m’a demandé d’où je venais devant tout le monde.",
    "On m’a fait repartir chercher une carte que je n’ai plus.",
    "On dit que les soins sont gratuits pour nous, on m’a fait payer.",
    "Nous sommes loin, et nous passons après ceux d’ici.",
)
_DISABLED = ("La rampe manque, il a fallu me porter.", "Les latrines ne sont pas faites pour moi.")
_WAITED = ("L’accueil est bon, l’attente est trop longue.", "L’attente est longue, les enfants ont faim.")
_UNASKED = ("On ne m’a rien demandé, on m’a donné l’ordonnance.", "On a décidé sans moi.")
_ASKED = ("On m’a laissé choisir le jour du prochain rendez-vous.", "On m’a demandé mon avis sur le traitement.")


def remarks(form: Row) -> tuple[str, ...]:
    """The remarks that agree with the rest of a form of the survey, so that no comment denies its own line."""
    score = int(form["accueil_1_5"] or 0) + int(form["explication_1_5"] or 0)
    decided = form["decision_partagee"] == "oui"
    if score >= 9:
        return _CONTENT + (_ASKED if decided else ())
    found = _MIXED if score > 5 else _UNHAPPY
    reasons = (
        (form["langue"] in {"fulfuldé", "gourmantchéma"}, _LANGUAGE),
        (form["pdi"] == "oui", _DISPLACED),
        (form["handicap"] == "oui", _DISABLED),
        (int(form["attente_min"] or 0) >= 75 and score > 5, _WAITED),
        (not decided, _UNASKED),
    )
    for holds, said in reasons:
        found += said if holds else ()
    return found
