"""Words that decide what a sentence says: negations, hedges, conditions and numbers.

A quotation may keep every word it shows and still say something else, by what it leaves out beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.quoting.alignment import Change
from bot.quoting.wordforms import key_of


class Concern(Enum):
    """What a reader of a quotation should know beside its verdict."""

    NEGATION = "negation"
    HEDGE = "hedge"
    CONDITION = "condition"
    NUMBER = "number"
    JOINED = "joined"  # what stands apart in the record is quoted as one
    APART = "apart"  # an ellipsis joins what stands in another order, far apart or in other records
    UNMARKED = "unmarked"  # the record's words without quotation marks, in a text that has some


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A warning: telling ``words``, and ``how`` they changed (a change's kind) or that they stand ``beside`` it."""

    concern: Concern
    how: str = ""
    words: str = ""


_TELLING = {
    "en": {
        Concern.NEGATION: "no not never neither nor none nobody nothing nowhere cannot without hardly scarcely barely",
        Concern.HEDGE: """perhaps maybe possibly probably presumably apparently allegedly reportedly supposedly likely
            unlikely might may could would should seem seems seemed appear appears appeared think thinks thought
            believe believes believed suppose supposes supposed suspect suspects assume assumes assumed guess suggest
            suggests suggested about almost nearly approximately roughly around some sometimes often usually generally
            mostly partly somewhat rather fairly virtually potentially hope hopes hoped""",
        Concern.CONDITION: """if unless except excepting provided providing only until but however although though
            whether otherwise""",
        Concern.NUMBER: """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
            sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
            million billion dozen half third quarter double twice""",
    },
    "de": {
        Concern.NEGATION: "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder kaum",
        Concern.HEDGE: """vielleicht wohl möglicherweise wahrscheinlich vermutlich angeblich könnte könnten dürfte
            dürften würde würden scheint schien glaube glauben etwa ungefähr fast beinahe manchmal oft meist""",
        Concern.CONDITION: "wenn falls sofern außer nur aber jedoch obwohl ob sonst bis",
        Concern.NUMBER: "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend halb",
    },
    "fr": {
        Concern.NEGATION: "ne n pas jamais rien aucun aucune sans ni personne guère nulle",
        Concern.HEDGE: """peutêtre probablement apparemment pourrait pourraient devrait semble semblait crois pense
            environ presque parfois souvent quelques""",
        Concern.CONDITION: "si sauf seulement mais cependant pourvu quoique sinon",
        Concern.NUMBER: "deux trois quatre cinq six sept huit neuf dix onze douze cent mille demi",
    },
    "es": {
        Concern.NEGATION: "no nunca jamás nada nadie ninguno ninguna ningún sin ni tampoco apenas",
        Concern.HEDGE: """quizá quizás acaso probablemente posiblemente podría podrían debería parece parecía creo
            pienso casi aproximadamente algunos algunas""",
        Concern.CONDITION: "si salvo excepto sólo solo pero aunque sino",
        Concern.NUMBER: "dos tres cuatro cinco seis siete ocho nueve diez once doce cien mil medio",
    },
    "ru": {
        Concern.NEGATION: "не ни нет никогда ничего никто нельзя без едва",
        Concern.HEDGE: "возможно может вероятно наверное пожалуй кажется думаю полагаю почти около бы иногда",
        Concern.CONDITION: "если кроме только но однако хотя ли",
        Concern.NUMBER: "два две три четыре пять шесть семь восемь девять десять сто тысяча половина",
    },
}  # fmt: skip
_GOVERNING = (Concern.NEGATION, Concern.HEDGE)


class Meaning:
    """Knows the telling words of a language; of one that it does not know, numbers alone."""

    def __init__(self, language: str) -> None:
        listed = _TELLING.get(language.split("-")[0].casefold(), {})
        self._concerns = {key_of(word): concern for concern, words in listed.items() for word in words.split()}

    def of_changes(self, changes: Iterable[Change]) -> list[Caution]:
        """Return the telling words that changed; those in whole sentences left out are no matter of a change."""
        cautions = []
        for change in changes:
            if change.kind == "same":
                continue
            record, quoted = self._telling(change.record.split()), self._telling(change.quoted.split())
            lost, gained = record - quoted, quoted - record
            for concern in dict.fromkeys(concern for concern, _ in [*lost, *gained]):
                words = [word for kind, word in [*lost, *gained] if kind is concern]
                cautions.append(Caution(concern=concern, how=change.kind, words=" ".join(words)))
        return cautions

    def beside(self, before: Sequence[str], clause: Sequence[str], after: Sequence[str]) -> tuple[Caution, ...]:
        """Return the telling words that govern a quotation from outside it, in its sentence.

        ``before`` are the words from the sentence's beginning, ``clause`` the last of them that no comma parts from
        the quotation, ``after`` the words to the sentence's end.
        """
        found = [(c, word) for word in clause if (c := self._concern(word)) in _GOVERNING]
        found += [(c, word) for word in before[:1] if (c := self._concern(word)) is Concern.CONDITION]
        found += [(c, word) for word in after[:1] if (c := self._concern(word)) is Concern.CONDITION]
        return tuple(Caution(concern=concern, how="beside", words=word) for concern, word in dict.fromkeys(found))

    def _telling(self, words: Iterable[str]) -> Counter[tuple[Concern, str]]:
        return Counter((concern, word.lower()) for word in words if (concern := self._concern(word)) is not None)

    def _concern(self, word: str) -> Concern | None:
        if any(character.isnumeric() for character in word):
            return Concern.NUMBER
        key = key_of(word)
        if re.search(r"n't$", key):
            return Concern.NEGATION
        return self._concerns.get(key)
