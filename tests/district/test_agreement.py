"""The twelve tables tell one and the same district: codes, people, staff, dates and sums agree, and are plausible."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, datetime

from course.authoring.district import TABLES, findings
from course.authoring.district.key_figures import KEY_FIGURES
from course.authoring.district.tables import lines, total

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]


def by_centre(tables, table, column):
    return {row["fs_id"]: int(row[column]) for row in tables[table]}


class TestCentresAndPeople:
    def test_about_268_000_people_14_csps_and_1_cma(self, tables):
        assert Counter(row["type"] for row in tables["formations_sanitaires"]) == {"CSPS": 14, "CMA": 1}
        assert 267_500 <= findings.people() <= 268_500

    def test_every_table_speaks_of_these_15_centres(self, tables):
        known = {row["fs_id"] for row in tables["formations_sanitaires"]}
        for name in (
            "activites_mensuelles",
            "enquete_satisfaction",
            "asbc",
            "journal_redevabilite",
            "paiement_simulation",
        ):
            assert {row["fs_id"] for row in tables[name]} == known, name
        assert {row["fs_id"] for row in tables["suivi_chroniques"]} == known
        assert {row["fs_depart"] for row in tables["references"]} == known - {"FS15"}
        assert {row["evenement"].rsplit(" ", 1)[1] for row in tables["alertes"]} <= known

    def test_28_nurses_see_patients_in_the_csps(self):
        assert findings.staff("infirmiers") == 28

    def test_agents_are_as_many_as_the_centres_say(self, tables):
        counted = Counter(row["fs_id"] for row in tables["asbc"])
        assert counted == by_centre(tables, "formations_sanitaires", "asbc")
        assert sum(counted.values()) == 120

    def test_a_village_belongs_to_one_centre_and_no_name_is_used_twice(self, tables):
        places = {row["village"]: row["fs_id"] for row in tables["asbc"]}
        assert len({(row["village"], row["fs_id"]) for row in tables["asbc"]}) == len(places) == 61
        assert not places.keys() & {row["nom"] for row in tables["formations_sanitaires"]}

    def test_agents_care_for_fewer_households_than_there_are(self):
        assert 4 * findings.households() < findings.people()

    def test_distances_are_the_same_in_both_tables(self, tables):
        assert by_centre(tables, "paiement_simulation", "distance_km") == by_centre(
            tables, "formations_sanitaires", "distance_cma_km"
        )


class TestReports:
    def test_each_centre_reports_24_months_once(self, tables):
        assert [(row["fs_id"], row["mois"]) for row in tables["activites_mensuelles"]] == [
            (row["fs_id"], month) for row in tables["formations_sanitaires"] for month in MONTHS
        ]

    def test_complete_means_that_no_cell_is_blank(self, tables):
        for row in tables["activites_mensuelles"]:
            blank = any(row[column] == "" for column in list(row)[2:10])
            assert row["complet"] == ("non" if blank else "oui")

    def test_a_report_comes_after_its_month_and_within_two(self, tables):
        for row in tables["activites_mensuelles"]:
            if row["date_reception"]:
                year, month = map(int, row["mois"].split("-"))
                following = date(year + month // 12, month % 12 + 1, 1)
                assert 0 <= (date.fromisoformat(row["date_reception"]) - following).days <= 60

    def test_fewer_come_back_than_came_first(self, tables):
        for row in tables["activites_mensuelles"]:
            if row["cpn1"]:
                assert int(row["cpn4"]) <= int(row["cpn1"])
                assert int(row["penta3"]) <= int(row["penta1"])

    def test_coverage_is_plausible(self):
        for column, a_year_and_person, (least, most) in (
            ("cpn1", 0.046, (0.65, 1.0)), ("penta1", 0.038, (0.7, 1.05)),
            ("accouchements_assistes", 0.041, (0.55, 1.0)),
        ):  # fmt: skip
            for centre in findings.centres():
                done = total(findings.reports(year=2025, centre=centre["fs_id"]), column)
                coverage = done / (int(centre["population_aire"]) * a_year_and_person)
                assert least <= coverage <= most, (column, centre["nom"])

    def test_contacts_are_plausible_for_people_and_for_nurses(self):
        assert 0.5 < findings.per_person("nouveaux_contacts") < 1.2
        for centre in findings.centres():
            contacts = total(findings.reports(year=2025, centre=centre["fs_id"]), "nouveaux_contacts")
            a_nurse_a_day = contacts / int(centre["infirmiers"]) / 250
            assert 15 < a_nurse_a_day < 45


class TestReferralsAndStays:
    def test_a_journey_is_possible_for_its_distance(self, tables):
        distance = by_centre(tables, "formations_sanitaires", "distance_cma_km")
        for row in tables["references"]:
            if row["date_arrivee"] and row["ref_id"] != "R0233":
                left, came = (datetime.fromisoformat(row[column]) for column in ("date_depart", "date_arrivee"))
                hours = (came - left).total_seconds() / 3600
                assert 2.5 < distance[row["fs_depart"]] / hours < 45, row["ref_id"]

    def test_returns_outcomes_and_delays_agree(self, tables):
        for row in tables["references"]:
            assert bool(row["delai_retour_j"]) == (row["retour_recu"] == "oui")
            if row["issue"] == "non arrivé":
                assert row["date_arrivee"] == ""
            if row["issue"] in {"non arrivé", "décès"}:
                assert row["retour_recu"] == "non"

    def test_dates_are_within_the_24_months_and_in_order(self, tables):
        for name, column in (
            ("references", "date_depart"), ("journal_redevabilite", "date"), ("alertes", "date_signal"),
        ):  # fmt: skip
            days = [row[column] for row in tables[name]]
            assert days == sorted(days)
            assert {day[:4] for day in days} == {"2024", "2025"}

    def test_those_who_died_or_moved_on_are_not_followed_at_home(self, tables):
        for row in tables["hospitalisations_cma"]:
            gone = row["mode_sortie"] in {"décès", "transfert"}
            assert (row["suivi_domicile"] == "") == (row["readmission_30j"] == "") == gone

    def test_beds_are_enough_for_the_stays(self):
        assert 8 < findings.bed_days() / 184 < 40

    def test_ages_fit_the_services(self, tables):
        for row in tables["hospitalisations_cma"]:
            if row["sejour_id"] != "H065":
                limits = {"pédiatrie": (0, 15), "maternité": (14, 49)}.get(row["service"], (5, 100))
                assert limits[0] <= int(row["age"]) <= limits[1]


class TestPeopleFollowed:
    def test_visits_expected_are_the_months_since_inclusion(self, tables):
        for row in tables["suivi_chroniques"]:
            assert int(row["visites_attendues"]) == MONTHS.index("2025-12") - MONTHS.index(row["mois_inclusion"])

    def test_who_is_lost_missed_three_visits_at_least(self, tables):
        for row in tables["suivi_chroniques"]:
            if row["perdu_de_vue"] == "oui":
                assert int(row["visites_attendues"]) - int(row["visites_faites"]) >= 3

    def test_peer_groups_exist_in_some_centres_only(self, tables):
        assert 5 <= len({row["fs_id"] for row in tables["suivi_chroniques"] if row["groupe_pairs"] == "oui"}) <= 8


class TestSurveyAndCommitments:
    def test_28_forms_a_centre(self, tables):
        assert set(Counter(row["fs_id"] for row in tables["enquete_satisfaction"]).values()) == {28}

    def test_a_remark_never_denies_its_own_line(self, tables):
        for row in tables["enquete_satisfaction"]:
            if "langue" in row["commentaire"] or "tradui" in row["commentaire"]:
                assert row["langue"] not in findings.STAFF_LANGUAGES
            if "pour nous" in row["commentaire"]:
                assert row["pdi"] == "oui"
            if "rampe" in row["commentaire"]:
                assert row["handicap"] == "oui"

    def test_a_term_comes_after_its_promise(self, tables):
        assert all(row["date"] < row["echeance"] for row in tables["journal_redevabilite"])


class TestMoney:
    def test_budgets_are_plausible_for_a_person(self):
        for year in (2023, 2024, 2025):
            assert 3_000 < findings.budget(year) / findings.people() < 5_000
            assert 0.85 < findings.budget(year, "engage_fcfa") / findings.budget(year) < 1

    def test_nothing_is_engaged_beyond_what_was_planned(self, tables):
        for row in tables["budget_financement"]:
            assert int(row["engage_fcfa"] or 0) <= int(row["prevu_fcfa"])

    def test_bonuses_engaged_are_those_that_the_agents_received(self, tables):
        paid = sum(int(row["prime_payee"][5:]) for row in tables["asbc"])  # months of 2025 paid
        assert findings.budget(2025, "engage_fcfa", programme="Primes des ASBC") == paid * 20_000
        assert findings.budget(2024, "engage_fcfa", programme="Primes des ASBC") == 120 * 12 * 20_000

    def test_receipts_of_the_csps_are_the_four_lines_of_the_budget(self, tables):
        lines_ = (
            "Fonctionnement des CSPS",
            "Gratuité des soins, part des CSPS",
            "Entretien des CSPS",
            "Médicaments des CSPS",
        )
        engaged = sum(findings.budget(2025, "engage_fcfa", programme=line) for line in lines_)
        receipts = by_centre(tables, "paiement_simulation", "recettes_actuelles")
        assert sum(receipts.values()) - receipts["FS15"] == engaged

    def test_acts_paid_are_the_contacts_reported(self, tables):
        acts = Counter()
        for row in tables["activites_mensuelles"]:
            if row["mois"].startswith("2025"):
                acts[row["fs_id"]] += sum(
                    int(row[column] or 0) for column in ("nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes")
                )
        assert acts == by_centre(tables, "paiement_simulation", "actes")

    def test_partners_of_the_budget_sit_with_the_stakeholders(self, tables):
        seated = {row["acteur"] for row in tables["parties_prenantes"]}
        paying = {f"Partenaire {row['source'][-1]}" for row in tables["budget_financement"] if "Part" in row["source"]}
        assert paying - seated == {"Partenaire F"}


class TestAlerts:
    def test_56_events_each_with_one_nature_and_one_place(self, tables):
        events = {row["evenement"] for row in tables["alertes"]}
        assert len(events) == len({event[:4] for event in events}) == 56

    def test_checks_come_after_signals_and_answers_after_checks(self, tables):
        for row in tables["alertes"]:
            if row["date_verification"]:
                assert row["date_signal"] <= row["date_verification"]
            if row["date_riposte"] and row["alerte_id"] != "AL53":
                assert row["date_verification"] <= row["date_riposte"]


class TestFigures:
    def test_every_key_figure_is_a_number(self):
        values = {name: figure() for name, figure in KEY_FIGURES.items()}
        assert len(values) > 150
        assert [name for name, value in values.items() if not math.isfinite(value)] == []

    def test_every_finding_has_its_definition(self):
        functions = [
            one for one in vars(findings).values()
            if callable(one) and getattr(one, "__module__", "") == findings.__name__ and one.__name__[0] != "_"
        ]  # fmt: skip
        assert len(functions) > 50
        assert [one.__name__ for one in functions if not (one.__doc__ or "").strip().endswith(".")] == []

    def test_a_line_typed_twice_counts_once(self):
        assert {table: len(lines(table)) for table in TABLES} == {
            "formations_sanitaires": 15, "activites_mensuelles": 360, "enquete_satisfaction": 419, "references": 599,
            "suivi_chroniques": 350, "asbc": 120, "budget_financement": 60, "journal_redevabilite": 79,
            "hospitalisations_cma": 500, "paiement_simulation": 15, "alertes": 89, "parties_prenantes": 35,
        }  # fmt: skip

    def test_the_figures_that_the_model_answers_lean_on(self):
        value = {name: figure() for name, figure in KEY_FIGURES.items()}
        assert value["nurses"] == 28
        assert value["csps"] == 14
        assert value["csps_beyond_20km"] == 5
        assert round(value["counter_referral_return_rate"], 2) == 0.22
        assert value["counter_referral_return_rate_night"] == 0
        assert value["avoidable_bed_days"] == 420
        assert round(value["avoidable_bed_days_share"], 2) == 0.18
        assert (round(value["primary_care_share_2023"], 2), round(value["primary_care_share_2025"], 2)) == (0.31, 0.27)
        assert value["supervision_partners_2025"] == 4
        assert (value["bodies_with_users"], value["bodies"]) == (2, 9)
