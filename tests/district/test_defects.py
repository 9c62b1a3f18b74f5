"""Each honest defect is in its table exactly as the codebook names it, and nowhere else."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

from every import every

DISTRICT = Path(__file__).resolve().parents[2] / "data" / "district"
TOLD = {
    defect["id"]: defect["texte"]
    for resource in json.loads((DISTRICT / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    for defect in resource["defauts"]
}
COUNTS = (
    "nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes", "penta1", "penta3", "consultations_hta",
    "consultations_diabete",
)  # fmt: skip
PROOFS = {}


def proves(defect):
    def register(proof):
        PROOFS[defect] = proof
        return proof

    return register


def codes(rows, column, holds):
    return {row[column] for row in rows if holds(row)}


def same_but(first, second, identifier):
    return {k: v for k, v in first.items() if k != identifier} == {k: v for k, v in second.items() if k != identifier}


def doubles(rows, identifier=None):
    """Lines that repeat an earlier one in everything but their identifier."""
    seen = Counter()
    found = []
    for row in rows:
        key = tuple(value for column, value in row.items() if column != identifier)
        if seen[key]:
            found.append(row)
        seen[key] += 1
    return found


@proves("D1.1")
def _(tables):
    rows = tables["formations_sanitaires"]
    assert codes(rows, "fs_id", lambda row: row["logements"] == "") == {"FS08"}
    assert codes(rows, "fs_id", lambda row: row["logements"] == "0") == {"FS13"}


@proves("D1.2")
def _(tables):
    rows = tables["formations_sanitaires"]
    assert codes(rows, "fs_id", lambda row: row["population_aire"].endswith("00")) == {"FS10"}
    assert tables.row("formations_sanitaires", "FS10")["population_aire"] == "11400"


@proves("D2.1")
def _(tables):
    silent = [row for row in tables["activites_mensuelles"] if not row["date_reception"]]
    assert [(row["fs_id"], row["mois"]) for row in silent] == [("FS13", "2024-08")]
    assert {silent[0][column] for column in COUNTS} == {""}


@proves("D2.2")
def _(tables):
    rows = tables["activites_mensuelles"]
    zeros = [(row["fs_id"], row["mois"]) for row in rows if row["consultations_diabete"] == "0"]
    assert zeros == [("FS10", "2025-02"), ("FS10", "2025-03"), ("FS10", "2025-04")]
    (blank,) = (row for row in rows if (row["fs_id"], row["mois"]) == ("FS07", "2025-03"))
    assert blank["consultations_diabete"] == ""


@proves("D2.3")
def _(tables):
    by_month = {
        (row["fs_id"], row["mois"]): tuple(row[column] for column in COUNTS) for row in tables["activites_mensuelles"]
    }
    seen = {}
    for where, counts in by_month.items():
        seen.setdefault((where[0], counts), []).append(where[1])
    assert [(key[0], months) for key, months in seen.items() if len(months) > 1] == [("FS04", ["2025-04", "2025-05"])]


@proves("D3.1")
def _(tables):
    rows = tables["enquete_satisfaction"]
    zeros = [row for row in rows if row["attente_min"] == "0"]
    assert [row["id"] for row in zeros] == [f"E{number}" for number in range(176, 183)]
    assert {(row["fs_id"], row["mois"]) for row in zeros} == {("FS11", "2025-06")}
    assert sum(row["attente_min"] == "" for row in rows) == 9


@proves("D3.2")
def _(tables):
    forms = Counter((row["fs_id"], row["mois"]) for row in tables["enquete_satisfaction"])
    assert forms["FS13", "2025-09"] == 0
    assert forms["FS13", "2025-12"] == 14
    assert {size for where, size in forms.items() if where != ("FS13", "2025-12")} == {7}


@proves("D3.3")
def _(tables):
    assert [row["id"] for row in doubles(tables["enquete_satisfaction"], "id")] == ["E215"]
    assert same_but(*(tables.row("enquete_satisfaction", code) for code in ("E214", "E215")), "id")


@proves("D4.1")
def _(tables):
    by_month = Counter(row["date_depart"][:7] for row in tables["references"])
    assert "2024-08" not in by_month
    assert len(by_month) == 23


@proves("D4.2")
def _(tables):
    assert [row["ref_id"] for row in doubles(tables["references"], "ref_id")] == ["R0418"]
    assert same_but(*(tables.row("references", code) for code in ("R0417", "R0418")), "ref_id")


@proves("D4.3")
def _(tables):
    before = [row for row in tables["references"] if row["date_arrivee"] and row["date_arrivee"] < row["date_depart"]]
    assert [row["ref_id"] for row in before] == ["R0233"]
    left, came = (date.fromisoformat(before[0][column][:10]) for column in ("date_depart", "date_arrivee"))
    assert (left - came).days == 1


@proves("D5.1")
def _(tables):
    rows = tables["suivi_chroniques"]
    blank = [row for row in rows if row["cout_transport_fcfa"] == ""]
    assert blank == [row for row in rows if row["fs_id"] == "FS05"]
    assert sum(row["cout_transport_fcfa"] == "0" for row in rows) > 20


@proves("D5.2")
def _(tables):
    more = codes(
        tables["suivi_chroniques"],
        "code_patient",
        lambda row: int(row["visites_faites"]) > int(row["visites_attendues"]),
    )
    assert more == {"P057", "P060", "P100"}


@proves("D5.3")
def _(tables):
    unknown = [row for row in tables["suivi_chroniques"] if row["pa_controlee"] == "" and row["maladie"] != "diabète"]
    assert [row["code_patient"] for row in unknown] == ["P016", "P111", "P231", "P271", "P278", "P328"]


@proves("D6.1")
def _(tables):
    blank = [row for row in tables["asbc"] if row["jours_rupture_intrants"] == ""]
    assert blank == [row for row in tables["asbc"] if row["fs_id"] == "FS06"]
    assert any(row["jours_rupture_intrants"] == "0" for row in tables["asbc"])


@proves("D6.2")
def _(tables):
    assert codes(tables["asbc"], "asbc_id", lambda row: int(row["visites_mois"]) > 40) == {"A031", "A088"}


@proves("D6.3")
def _(tables):
    villages = Counter(row["village"] for row in tables["asbc"])
    assert {village for village, agents in villages.items() if agents != 2} == {"Suglatin", "Souglatin"}
    assert tables.row("asbc", "A064")["village"] == "Suglatin"
    assert tables.row("asbc", "A063")["village"] == "Souglatin"


@proves("D7.1")
def _(tables):
    (again,) = doubles(tables["budget_financement"])
    assert (again["annee"], again["source"], again["programme"]) == ("2024", "Communes", "Entretien des CSPS")


@proves("D7.2")
def _(tables):
    rows = tables["budget_financement"]
    blank = [(row["annee"], row["programme"]) for row in rows if row["engage_fcfa"] == ""]
    zero = [(row["annee"], row["programme"]) for row in rows if row["engage_fcfa"] == "0"]
    assert blank == [("2025", "Information sanitaire")]
    assert zero == [("2025", "Formation continue")]


@proves("D8.1")
def _(tables):
    assert [row["id"] for row in doubles(tables["journal_redevabilite"], "id")] == ["J42"]
    assert same_but(*(tables.row("journal_redevabilite", code) for code in ("J41", "J42")), "id")


@proves("D8.2")
def _(tables):
    early = [
        row for row in tables["journal_redevabilite"] if row["date_affichage"] and row["date_affichage"] < row["date"]
    ]
    assert [row["id"] for row in early] == ["J04"]
    assert (date.fromisoformat(early[0]["date"]) - date.fromisoformat(early[0]["date_affichage"])).days == 60


@proves("D8.3")
def _(tables):
    blank = [row for row in tables["journal_redevabilite"] if row["tenu"] == ""]
    assert [row["id"] for row in blank] == ["J75", "J76", "J77", "J78", "J79", "J80"]
    assert [row["id"] for row in blank if row["echeance"] > "2025-12-31"] == ["J80"]


@proves("D9.1")
def _(tables):
    rows = tables["hospitalisations_cma"]
    assert codes(rows, "sejour_id", lambda row: row["duree_j"] == "") == {"H005", "H087", "H337"}
    assert sum(row["duree_j"] == "0" for row in rows) == 10


@proves("D9.2")
def _(tables):
    unread = codes(tables["hospitalisations_cma"], "sejour_id", lambda row: row["evitable_selon_revue"] == "")
    assert unread == {"H007", "H027", "H149", "H243", "H266", "H379", "H427"}


@proves("D9.3")
def _(tables):
    rows = tables["hospitalisations_cma"]
    assert codes(rows, "sejour_id", lambda row: row["service"] == "pédiatrie" and int(row["age"]) > 15) == {"H065"}


@proves("D10.1")
def _(tables):
    rows = tables["paiement_simulation"]
    assert codes(rows, "fs_id", lambda row: row["qualite_0_100"] == "0") == {"FS08"}
    assert codes(rows, "fs_id", lambda row: row["qualite_0_100"] == "") == {"FS13"}


@proves("D10.2")
def _(tables):
    areas = {row["fs_id"]: int(row["population_aire"]) for row in tables["formations_sanitaires"]}
    more = [
        row["fs_id"] for row in tables["paiement_simulation"] if int(row["population_inscrite"]) > areas[row["fs_id"]]
    ]
    assert more == ["FS03"]


@proves("D11.1")
def _(tables):
    assert [row["alerte_id"] for row in doubles(tables["alertes"], "alerte_id")] == ["AL44"]
    assert same_but(*(tables.row("alertes", code) for code in ("AL43", "AL44")), "alerte_id")


@proves("D11.2")
def _(tables):
    early = codes(
        tables["alertes"],
        "alerte_id",
        lambda row: row["date_riposte"] and row["date_riposte"] < row["date_verification"],
    )
    assert early == {"AL53"}


@proves("D11.3")
def _(tables):
    unchecked = codes(tables["alertes"], "alerte_id", lambda row: row["date_verification"] == "")
    assert unchecked == {"AL10", "AL29", "AL31", "AL42", "AL58", "AL63", "AL65"}


@proves("D12.1")
def _(tables):
    first, second = (
        tables.row("parties_prenantes", f"Inspection de l’{name}") for name in ("éducation", "enseignement")
    )
    assert same_but(first, second, "acteur")


@proves("D12.2")
def _(tables):
    rows = tables["parties_prenantes"]
    assert codes(rows, "acteur", lambda row: row["femmes_pct"] == "") == {
        "Pharmacien du dépôt du district", "Cabinet de soins privé",
    }  # fmt: skip
    assert sum(row["femmes_pct"] == "0" for row in rows) >= 5


def test_every_defect_told_has_its_proof_and_the_other_way_round():
    assert list(PROOFS) == list(TOLD)


@every("defect", TOLD)
def test_the_defect_is_there_as_told(defect, tables):
    PROOFS[defect](tables)
