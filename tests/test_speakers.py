from __future__ import annotations

import pytest

from embeddings.lines import read_lines
from embeddings.manifest import Certainty, Person
from embeddings.speakers import Speakers, label_spans

TALK = """SMITH: Good morning, all.

JONES: Good morning. Shall we begin?
SMITH: Yes. Mr. Jones has the minutes.

JONES: They are approved.
SMITH: Thank you.

JONES: The next item is the budget: it is late.
"""


def person(name: str, *aliases: str, speaks: bool = True) -> Person:
    return Person(
        name=name,
        full_name=None,
        role=None,
        aliases=aliases,
        called=(),
        speaks=speaks,
        note=None,
        ground=None,
        certainty=Certainty.STATED,
    )


def labels(text: str, *people: Person) -> list[tuple[str, str]]:
    """Return (name, first word of the speech) of every label of ``text``."""
    lines = read_lines(text, [])
    found = [label for _, label in label_spans(text, lines, Speakers(text, lines, people))]
    return [(label.name, (text[label.speech :].split() or [""])[0]) for label in found]


def names(text: str, *people: Person) -> list[str]:
    return [name for name, _ in labels(text, *people)]


def is_transcript(text: str, *people: Person) -> bool:
    return Speakers(text, read_lines(text, []), people).transcript


def test_labels_that_recur_are_found_without_a_manifest():
    assert labels(TALK) == [
        ("Smith", "Good"), ("Jones", "Good"), ("Smith", "Yes."),
        ("Jones", "They"), ("Smith", "Thank"), ("Jones", "The"),
    ]  # fmt: skip
    assert is_transcript(TALK)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(end: str):
    assert labels(TALK.replace("\n", end)) == labels(TALK)


def test_a_byte_order_mark_hides_no_label():
    assert labels("\ufeff" + TALK) == labels(TALK)


@pytest.mark.parametrize("end", ["\n", "\n\n"])
def test_a_label_may_stand_alone_on_its_line(end: str):
    talk = TALK.replace("budget: it", "budget, it")
    assert labels(talk.replace(": ", f":{end}")) == labels(talk)


def test_initials_belong_to_a_label_and_not_to_the_name():
    text = TALK.replace("SMITH:", "J. Smith.").replace("JONES:", "R. A. Jones.").replace("budget:", "budget,")
    assert names(text) == names(TALK)


def test_titles_belong_to_a_label_and_not_to_the_name():
    text = TALK.replace("SMITH:", "Dr. Smith:").replace("JONES:", "ADMIRAL JONES:")
    assert names(text) == names(TALK)


def test_an_office_with_an_article_is_a_speaker():
    text = TALK.replace("SMITH:", "THE CHAIRMAN:")
    assert names(text)[:2] == ["The Chairman", "Jones"]


def test_a_remark_in_brackets_belongs_to_the_label():
    assert labels(TALK.replace("JONES: They", "JONES [rising]: They")) == labels(TALK)


def test_prose_has_no_speakers():
    text = "Admiral Crowe. The talks began. They ended.\n\nNote: It was late.\n\nThe Pentagon. A building.\n"
    assert names(text) == []
    assert not is_transcript(text)


def test_one_who_speaks_alone_makes_no_transcript():
    assert not is_transcript("SMITH: One.\n\n" * 8)


def test_five_turns_make_no_transcript():
    five = "SMITH: One.\n\nJONES: Two.\n\nSMITH: Three.\n\nJONES: Four.\n\nSMITH: Five.\n\n"
    assert not is_transcript(five)
    assert is_transcript(five + "JONES: Six.\n")


def test_heads_of_a_letter_are_no_speakers():
    text = "TO: Smith\nFROM: Jones\nSUBJECT: Talks\nDATE: May\n\n" * 4
    assert names(text) == []


def test_the_full_stop_of_a_title_makes_no_label():
    text = "Mr. Noble said so.\n\nMr. Noble left.\n\nMr. Trask came.\n\nMr. Trask left.\n\nMr. Noble came.\n\n" * 2
    assert names(text) == []


def test_the_manifests_people_speak_under_their_canonical_names():
    text = "Akhromeyev. One.\n\nW. CROWE: Two.\n\nakhromeev. Three."
    people = (person("Akhromeev", "Akhromeyev"), person("Crowe", "William J. Crowe"))
    assert labels(text, *people) == [("Akhromeev", "One."), ("Crowe", "Two.")]


def test_people_who_do_not_speak_have_no_labels():
    assert names("Carlucci. One.\n\nCarlucci. Two.", person("Carlucci", speaks=False)) == []


@pytest.mark.parametrize("spelled", ["Akromeev", "Akhromeef", "Akhromejev"])
def test_a_rare_label_may_misspell_a_frequent_one(spelled: str):
    text = "Akhromeev. One.\n\nCrowe. Two.\n\n" * 4 + f"{spelled}. Three."
    assert names(text) == ["Akhromeev", "Crowe"] * 4 + ["Akhromeev"]


def test_another_name_is_no_misspelling():
    # Crowe and Crowley share 5 of 6 letters on average, 83 percent; 84 are asked.
    text = "Akhromeev. One.\n\nCrowe. Two.\n\n" * 12 + "Crowley. Three.\n\n" * 3
    assert names(text)[24:] == ["Crowley"] * 3


def test_a_name_in_running_text_opens_no_turn():
    people = (person("Crowe"), person("Akhromeev"))
    text = "Akhromeev. We discussed this question with Admiral\nCrowe. I think that further steps are possible."
    assert labels(text, *people) == [("Akhromeev", "We")]


@pytest.mark.parametrize(
    "before", ["Thank you.\n", "Thank you\n\n", "Thank you\n ", "He said “yes.”\n", "[Laughter]\n"]
)
def test_a_turn_opens_after_a_sentence_a_blank_line_or_an_indent(before: str):
    assert labels(f"Akhromeev. {before}Crowe. Yes.", person("Crowe"), person("Akhromeev"))[1:] == [("Crowe", "Yes.")]


def test_the_seeds_labels_are_those_of_thirty_four_turns(seeds):
    document = seeds.document("akhromeev-crowe-1987")
    lines = read_lines(document.text, [])
    found = [label for _, label in label_spans(document.text, lines, Speakers(document.text, lines, ()))]
    assert len(found) == 34
    written = [document.text[label.start : label.speech].strip() for label in found]
    assert written.count("Akromeev.") == 1
    assert found[written.index("Akromeev.")].name == "Akhromeev"
