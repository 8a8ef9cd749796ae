"""How the retrieval bench counts, and that its questions can be read."""

import math

from bench.knowledge.asked import LANGUAGES, questions
from bench.knowledge.scores import ndcg, recall


def test_one_good_passage_among_the_first_five_is_enough() -> None:
    assert recall([1, 2, 3, 4, 5], {5, 9}) == 1
    assert recall([1, 2, 3, 4, 5, 6], {6}) == 0


def test_a_good_passage_counts_less_the_further_down_it_stands() -> None:
    assert ndcg([7, 1], {7}) == 1
    assert ndcg([1, 7], {7}) == 1 / math.log2(3)
    assert ndcg([7, 8], {7, 8}) == 1
    assert ndcg([1, 2], {7}) == 0


def test_every_language_has_its_questions_and_each_is_asked_once() -> None:
    every = questions()

    assert len({one.question for one in every}) == len(every) >= 150
    assert {one.language for one in every} == set(LANGUAGES)
    assert all(one.document and one.quote for one in every)
