"""The finding planted in each table, proven from the committed file with the strength that a trainee would see."""

from __future__ import annotations

from statistics import correlation, mean, median

import pytest
from every import every

from course.authoring.district import findings


def distances(tables) -> dict[str, int]:
    return {row["fs_id"]: int(row["distance_cma_km"]) for row in tables["formations_sanitaires"]}


class TestCentres:
    def test_three_csps_hold_forty_per_cent_of_those_beyond_ten_kilometres(self, tables):
        beyond = [row for row in tables["formations_sanitaires"] if int(row["distance_cma_km"]) > 10]
        largest = sorted(beyond, key=lambda row: int(row["population_aire"]))[-3:]
        held = sum(int(row["population_aire"]) for row in largest) / sum(int(row["population_aire"]) for row in beyond)
        assert round(held * 100) == 40
        assert {row["fs_id"] for row in largest} == {"FS11", "FS12", "FS14"}
        assert all(row["acces_saison_pluies"] == "coupé" for row in largest)
        assert len(beyond) == 11
        assert findings.crowd_share() == held

    def test_and_they_have_half_the_nurses_for_a_person(self):
        assert findings.people_per_nurse("far") > 2 * findings.people_per_nurse("near")


class TestActivity:
    """Drop-out from CPN1 to CPN4 follows distance; judged on punctual reports alone, it nearly vanishes."""

    def test_dropout_follows_distance(self, tables):
        distance = distances(tables)
        dropout = [findings.antenatal_dropout(centre=centre) for centre in distance]
        assert correlation(list(distance.values()), dropout) > 0.9
        assert findings.antenatal_dropout("far") > findings.antenatal_dropout("near") + 0.15

    def test_late_reports_hide_it(self):
        gap = findings.antenatal_dropout("far") - findings.antenatal_dropout("near")
        punctual = findings.antenatal_dropout("far", on_time=True) - findings.antenatal_dropout("near", on_time=True)
        assert punctual < gap / 2
        assert findings.antenatal_dropout("far", on_time=False) > findings.antenatal_dropout("far", on_time=True) + 0.2
        assert findings.on_time_rate("far") < 0.6 < 0.9 < findings.on_time_rate("near")


class TestSurvey:
    """A high mean that falls among displaced people, and again where the person's language is not the staff's."""

    def test_the_mean_is_high(self, tables):
        assert mean(int(row["accueil_1_5"]) for row in tables["enquete_satisfaction"]) > 4.1

    @every("column", ["accueil_1_5", "explication_1_5"])
    def test_each_of_the_two_lowers_it_by_itself_and_both_together_most(self, column):
        neither, displaced, language, both = (
            findings.mean_score(column, *who) for who in ((False, True), (True, True), (False, False), (True, False))
        )
        assert neither - displaced > 0.7
        assert neither - language > 0.7
        assert min(displaced, language) - both > 0.15

    def test_each_group_is_large_enough_to_be_seen(self):
        assert all(len(findings.forms(*who)) >= 30 for who in ((True, True), (False, False), (True, False)))

    def test_decisions_are_shared_half_as_often_with_displaced_people(self):
        rate = findings.yes_rate
        assert rate("decision_partagee", True) < 0.55 * rate("decision_partagee", False)


class TestReferrals:
    def test_22_per_cent_come_back_with_or_without_the_line_typed_twice(self, tables):
        raw = tables["references"]
        assert sum(row["retour_recu"] == "oui" for row in raw) / len(raw) == 0.22
        assert round(findings.counter_referral_return_rate() * 100) == 22

    def test_none_comes_back_of_those_sent_at_night(self):
        assert findings.counter_referral_return_rate(night=True) == 0
        assert 130 < len(findings.referrals(night=True)) < 180

    @every("limits", [(17, 6), (18, 6), (18, 7), (19, 6), (20, 5), (22, 6)])
    @every("column", ["date_depart", "date_arrivee"])
    def test_whatever_one_calls_night(self, tables, column, limits):
        dusk, dawn = limits
        hours = [(int(row[column][11:13]), row) for row in tables["references"] if row[column]]
        night = [row for hour, row in hours if hour >= max(dusk, 18) or hour < dawn]
        assert len(night) > 50
        assert all(row["retour_recu"] == "non" for row in night)

    def test_and_fewer_in_the_rains(self):
        rate = findings.counter_referral_return_rate
        assert 0.1 < rate(rains=True) < 0.65 * rate(rains=False)


class TestChronicIllness:
    """Peer groups halve losses as it comes; at equal transport cost they save about a third: the rest is selection."""

    def test_half_as_many_are_lost_in_peer_groups(self):
        assert findings.lost_risk_ratio() == pytest.approx(0.5, abs=0.01)

    def test_those_who_pay_less_join_more_and_are_lost_less(self):
        assert findings.median_fare(peers=True) < findings.median_fare(peers=False) / 2
        lost = [findings.lost_rate(band=band) for band in range(3)]
        assert lost[0] < 0.65 * lost[1] < 0.65 * lost[2]

    def test_at_equal_cost_something_is_left_but_less(self):
        assert 0.6 < findings.lost_risk_ratio_at_equal_fare() < 0.7
        for band in range(3):
            inside, outside = (findings.lost_rate(peers, band) for peers in (True, False))
            assert 0.55 < inside / outside < 0.75


class TestAgents:
    """Activity holds for one month without the bonus and falls from the second."""

    def test_visits_fall_two_months_after_the_last_bonus(self):
        by_wait = [findings.median_visits((months, months)) for months in range(5)]
        assert abs(by_wait[0] - by_wait[1]) <= 3
        assert by_wait[2] < 0.7 * by_wait[1]
        assert by_wait[3] <= by_wait[2]
        assert by_wait[4] <= by_wait[3]

    def test_it_is_the_bonus_and_not_distance_or_supervision(self, tables):
        distance = distances(tables)
        unpaid = {row["asbc_id"] for row in findings.agents((2, 12))}
        for far in (True, False):
            for supervised in (True, False):
                found = [
                    row for row in tables["asbc"]
                    if (distance[row["fs_id"]] > 20) == far and (row["supervision_trimestre"] != "0") == supervised
                ]  # fmt: skip
                waiting = [int(row["visites_mois"]) for row in found if row["asbc_id"] in unpaid]
                paid = [int(row["visites_mois"]) for row in found if row["asbc_id"] not in unpaid]
                assert median(waiting) < 0.75 * median(paid)

    def test_nearly_half_wait_for_two_months_or_more(self):
        assert round(findings.late_bonus_share(2) * 100) == 47


class TestBudget:
    @every("column", ["prevu_fcfa", "engage_fcfa"])
    def test_primary_care_falls_from_31_to_27_per_cent_planned_as_engaged(self, column):
        shares = [round(findings.primary_care_share(year, column) * 100) for year in (2023, 2024, 2025)]
        assert shares == [31, 29, 27]

    def test_although_its_sum_rises_a_little(self):
        sums = [findings.budget(year, level=findings.PRIMARY) for year in (2023, 2024, 2025)]
        assert sums == sorted(sums)

    def test_four_partners_pay_the_same_supervision(self, tables):
        assert [findings.supervision_partners(year) for year in (2023, 2024, 2025)] == [2, 3, 4]
        found = [
            row for row in tables["budget_financement"]
            if row["annee"] == "2025" and row["programme"] == findings.SUPERVISION
        ]  # fmt: skip
        assert len({row["source"] for row in found}) == len(found) == 4
        assert all(row["source"].startswith("Partenaire") for row in found)

    def test_the_line_typed_twice_hides_the_fall_of_2024(self, tables):
        raw = [row for row in tables["budget_financement"] if row["annee"] == "2024"]
        primary = sum(int(row["prevu_fcfa"]) for row in raw if row["niveau"] == findings.PRIMARY)
        assert round(100 * primary / sum(int(row["prevu_fcfa"]) for row in raw)) == 30


class TestCommitments:
    def test_posted_ones_are_kept_twice_as_often(self):
        assert findings.kept_rate(posted=True) == pytest.approx(0.73, abs=0.01)
        assert findings.kept_rate(posted=False) == pytest.approx(0.375, abs=0.01)
        assert min(len(findings.commitments(posted)) for posted in (True, False)) >= 30


class TestStays:
    def test_18_per_cent_of_bed_days_could_be_day_or_home_care(self):
        assert findings.bed_days("avoidable") == 420
        assert round(findings.avoidable_share() * 100, 1) == 18.0
        assert findings.bed_days("jour") + findings.bed_days("domicile") == 420

    def test_those_who_could_be_at_home_are_seldom_visited_there(self):
        assert findings.home_follow_up_rate("domicile") < 0.15


class TestPayment:
    def test_a_flat_amount_punishes_every_csps_beyond_twenty_kilometres(self, tables):
        far = [code for code, distance in distances(tables).items() if distance > 20]
        changes = {code: findings.capitation_change(code) for code in far}
        assert len(far) == 5
        assert all(change < -0.05 for change in changes.values())
        assert min(changes.values()) < -0.25
        assert findings.csps_that_lose() == 5

    def test_and_rewards_those_nearby(self, tables):
        near = [code for code, distance in distances(tables).items() if 0 < distance <= 10]
        assert all(findings.capitation_change(code) > 0.15 for code in near)

    def test_a_correction_for_distance_spares_them(self):
        assert findings.csps_that_lose(per_km=0.03) == 0

    def test_what_some_gain_others_lose(self, tables):
        receipts = {row["fs_id"]: int(row["recettes_actuelles"]) for row in tables["paiement_simulation"]}
        moved = [findings.capitation_change(code) * receipts[code] for code in receipts if code != "FS15"]
        assert sum(moved) == pytest.approx(0, abs=1)


class TestAlerts:
    def test_outside_signals_come_earlier(self):
        leads = findings.leads()
        assert sum(lead > 0 for lead in leads) / len(leads) > 0.8
        assert median(leads) >= 5

    def test_and_are_checked_later_or_never(self):
        assert findings.median_check_days(outside=True) >= findings.median_check_days(outside=False) + 4
        assert findings.unchecked_share(outside=True) > 0.1
        assert findings.unchecked_share(outside=False) == 0


class TestStakeholders:
    def test_users_sit_in_two_of_nine_bodies(self, tables):
        raw = tables["parties_prenantes"]
        assert len({row["instance"] for row in raw} - {""}) == findings.bodies() == 9
        assert len({row["instance"] for row in raw if row["represente_usagers"] == "oui"} - {""}) == 2

    def test_the_most_interested_have_the_least_influence(self, tables):
        users = [row for row in tables["parties_prenantes"] if row["represente_usagers"] == "oui"]
        assert {row["interet_1_5"] for row in users} == {"5"}
        assert all(int(row["influence_1_5"]) <= 2 for row in users)
