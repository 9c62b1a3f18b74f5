"""Completeness: the 6-point rule, by hand on worked examples and by machine on its promises."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import syllabus
from course.core.answers import Action, Answers, Strategy
from course.core.completeness import Completeness, completeness, half_up, is_filled, missing, normalise

FOUR = syllabus.load().objective("1.1")
THREE = syllabus.load().objective("1.2")
ONE = syllabus.load().objective("3.5")


def chain(strategy: str, *actions: str) -> Strategy:
    return Strategy(strategy=strategy, actions=tuple(Action(action=action) for action in actions))


def count(objective: syllabus.Objective, **options: list[Strategy]) -> Completeness:
    rows = {f"{objective.id}.{letter}": tuple(chains) for letter, chains in options.items()}
    return completeness(objective, Answers(objective.id, rows))


def mark(objective: syllabus.Objective, **options: list[Strategy]) -> Fraction:
    return count(objective, **options).mark


class TestWorkedExamples:
    """Each computed on paper first."""

    def test_nothing_handed_in_is_zero(self) -> None:
        assert completeness(FOUR, None) == Completeness((), 4, Fraction(0), Fraction(0), Fraction(0))
        assert completeness(FOUR, None).mark == 0

    def test_a_whole_canvas_is_six(self) -> None:
        chains = {letter: [chain(f"stratégie {letter}", f"action {letter}")] for letter in "abcd"}
        assert mark(FOUR, **chains) == 6

    def test_one_option_of_four_is_one_and_a_half(self) -> None:
        # S1 = 4 × 1/4; S2 = 1/4 × 1/1; S3 = 1/4 × 2/2; sum 3/2.
        assert mark(FOUR, a=[chain("former les agents", "réunir dix agents")]) == Fraction(3, 2)

    def test_a_strategy_without_action_costs_in_chaining(self) -> None:
        result = count(FOUR, a=[chain("former les agents", "réunir dix agents"), chain("écrire un guide")])
        # c = 1/4; S2 = 1/4 × 1/2; S3 = 1/4 × 3/3; 1 + 1/8 + 1/4 = 11/8, to the nearest half 3/2.
        assert (result.coverage, result.chaining, result.variety) == (1, Fraction(1, 8), Fraction(1, 4))
        assert result.mark == Fraction(3, 2)

    def test_repeated_texts_cost_in_variety(self) -> None:
        same = [chain("former les agents", "réunir dix agents")]
        result = count(THREE, a=same, b=same, c=same)
        # c = 1; S1 = 4; S2 = 1; S3 = (1 + 1) / (3 + 3) = 1/3; 16/3 = 5.33, to the nearest half 5.5.
        assert (result.coverage, result.chaining, result.variety) == (4, 1, Fraction(1, 3))
        assert result.mark == Fraction(11, 2)

    def test_an_exact_tie_goes_up(self) -> None:
        # c = 1/4: 1 + 1/4 × 1/2 + 1/4 × 2/4 = 1.25, exactly between 1 and 1.5.
        result = count(
            FOUR,
            a=[chain("former les agents", "réunir dix agents", "réunir dix agents")],
            b=[chain("former les agents")],
        )
        assert result.coverage + result.chaining + result.variety == 1 + Fraction(1, 8) + Fraction(1, 8)
        assert result.mark == Fraction(3, 2)
        assert half_up(Fraction(1, 4)) == Fraction(1, 2)
        assert half_up(Fraction(3, 4)) == 1
        assert half_up(Fraction(7, 4)) == 2

    def test_thirds_are_exact(self) -> None:
        # 0.1 + 0.2 in floats would decide ties by accident.
        assert mark(THREE, a=[chain("former les agents", "réunir dix agents")]) == 2

    def test_an_action_counts_for_variety_without_a_filled_strategy(self) -> None:
        result = count(FOUR, a=[chain("former les agents", "réunir dix agents")], b=[chain("", "réunir dix agents")])
        # Actions of the canvas: two, of which one distinct: (1 + 1) / (1 + 2).
        assert result.treated == ("1.1.a",)
        assert result.variety == Fraction(1, 4) * Fraction(2, 3)

    def test_the_pilot_fields_never_count(self) -> None:
        bare = Strategy(strategy="former les agents", actions=(Action(action="réunir dix agents"),))
        full = Strategy(
            strategy="former les agents", actions=(Action("", "réunir dix agents", "le chef", "mars", "part"),)
        )
        assert count(ONE, a=[bare]) == count(ONE, a=[full])


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Équité, d’abord !", "equite d abord"),
            ("CPN4", "cpn4"),
            ("e\u0301te\u0301", "ete"),
            ("co\u00adproduction", "coproduction"),
            ("mot\u200bmot", "motmot"),
            ("\u202emot\u202c", "mot"),
            ("ŒUVRE  straße\n\tnuméro", "œuvre strasse numero"),
            ("ﬁn x²", "fin x2"),
            ("a_b", "a b"),
            ("—", ""),
        ],
    )
    def test_normalisation(self, text: str, words: str) -> None:
        assert normalise(text) == words

    @pytest.mark.parametrize(
        "text",
        [
            *("", "former", "À compléter", "à  définir…", "R.A.S.", "RAS RAS", "r a s", "idem idem", "néant, rien"),
            *("xxx xxx", "x x", "...", "Lorem Ipsum", "sans objet / idem", "à faire xxx", "TEST test", "à préciser !"),
        ],
    )
    def test_what_is_not_filled(self, text: str) -> None:
        assert not is_filled(normalise(text))

    @pytest.mark.parametrize(
        "text", ["former deux agents", "à faire demain", "rasras idem", "test rapide", "CPN4 gratuite"]
    )
    def test_what_is_filled(self, text: str) -> None:
        assert is_filled(normalise(text))

    def test_a_long_hostile_text_is_judged_at_once(self) -> None:
        # Each « r a s » reads as an entry or as three one-letter words: 2 to the 1,000 ways, one answer.
        assert not is_filled(normalise("r a s " * 660))
        assert is_filled(normalise("r a s " * 660 + "agents"))


class TestLabels:
    def test_an_options_own_label_is_no_answer(self) -> None:
        option = syllabus.load().option("3.1.c")
        objective = syllabus.load().objective("3.1")
        for label in (option.label, option.printed.upper(), option.printed + "."):
            assert count(objective, c=[chain(label, "réunir dix agents")]).treated == ()
            assert count(objective, c=[chain("former les agents", label)]).treated == ()

    def test_another_options_label_is_allowed(self) -> None:
        other = syllabus.load().option("1.1.b").label
        assert count(FOUR, a=[chain(other, "réunir dix agents")]).treated == ("1.1.a",)

    def test_an_action_must_differ_from_its_own_strategy(self) -> None:
        assert count(FOUR, a=[chain("former les agents", "Former les agents.")]).treated == ()
        assert count(
            FOUR, a=[chain("former les agents", "écrire un guide"), chain("écrire un guide", "former les agents")]
        ).treated

    def test_what_is_missing_is_said(self) -> None:
        option = FOUR.options[0]
        assert "stratégie" in missing(option, ())
        assert "action" in missing(option, (chain("former les agents"),))
        assert missing(option, (chain("former les agents", "réunir dix agents"),)) == ""

    @pytest.mark.parametrize(
        ("rows", "lack"),
        [
            ([chain("  ")], "il manque une stratégie"),
            ([chain(""), chain("R.A.S.")], "il manque une stratégie\u00a0: «\u202fR.A.S.\u202f» ne dit encore rien"),
            ([chain("former")], "il manque une stratégie\u00a0: «\u202fformer\u202f» compte moins de deux mots"),
            ([chain("!")], "il manque une stratégie\u00a0: «\u202f!\u202f» compte moins de deux mots"),
            ([chain(FOUR.options[0].label)], f"«\u202f{FOUR.options[0].label}\u202f» est le nom de l’option"),
            ([chain("former les agents", "")], "il manque une action"),
            ([chain("former les agents", "Former\nles agents")], "«\u202fFormer les agents\u202f» répète sa stratégie"),
            ([chain("former les agents", "x" * 99)], f"«\u202f{'x' * 60}…\u202f» ne dit encore rien"),
        ],
    )
    def test_it_says_why_what_is_written_does_not_count(self, rows: list[Strategy], lack: str) -> None:
        assert missing(FOUR.options[0], tuple(rows)).endswith(lack)

    def test_the_three_parts_are_counted_and_sum_to_the_mark(self) -> None:
        found = count(FOUR, a=[chain("former les agents", "réunir dix agents")], b=[chain("former les agents")])
        assert [part[1:] for part in found.parts] == [
            (1, 4, Fraction(1), 4),
            (1, 2, Fraction(1, 8), 1),
            (2, 3, Fraction(1, 6), 1),
        ]
        assert half_up(sum((part[3] for part in found.parts), Fraction(0))) == found.mark


texts = st.one_of(
    st.sampled_from(["", "idem", "former les agents", "réunir dix agents", "x x", "Éducation à la santé", "mot"]),
    st.text(max_size=30),
)
chains = st.builds(lambda s, a: chain(s, *a), texts, st.lists(texts, max_size=3))
canvases = st.fixed_dictionaries({letter: st.lists(chains, max_size=3) for letter in "abcd"})


class TestPromises:
    @given(canvases)
    def test_bounds_and_halves(self, canvas: dict[str, list[Strategy]]) -> None:
        result = count(FOUR, **canvas)
        assert 0 <= result.mark <= 6
        assert (result.mark * 2).denominator == 1
        assert 0 <= result.coverage <= 4
        assert 0 <= result.chaining <= 1
        assert 0 <= result.variety <= 1

    @given(canvases, st.randoms(use_true_random=False))
    def test_the_order_of_rows_does_not_matter(self, canvas: dict[str, list[Strategy]], random: object) -> None:
        shuffled = {}
        for letter, rows in canvas.items():
            mixed = [Strategy(r.id, r.strategy, tuple(random.sample(r.actions, len(r.actions)))) for r in rows]
            shuffled[letter] = random.sample(mixed, len(mixed))
        assert count(FOUR, **canvas) == count(FOUR, **shuffled)

    @given(canvases, st.sampled_from("abcd"))
    def test_a_new_chain_in_an_untreated_option_never_lowers_the_mark(
        self, canvas: dict[str, list[Strategy]], letter: str
    ) -> None:
        before = count(FOUR, **canvas)
        if f"1.1.{letter}" in before.treated:
            return
        new = chain("zone zéro stratégie toute neuve", "zone zéro action toute neuve")
        after = count(FOUR, **{**canvas, letter: [*canvas[letter], new]})
        assert after.mark >= before.mark

    @given(canvases)
    def test_no_text_in_a_column_alone_gives_a_point(self, canvas: dict[str, list[Strategy]]) -> None:
        lone = {letter: [Strategy(r.id, r.strategy) for r in rows] for letter, rows in canvas.items()}
        assert mark(FOUR, **lone) == 0
