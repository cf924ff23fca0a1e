"""What a report says of the law: clauses of duty, with who, what, which law, by when.

Nothing is judged here, and nothing is put right: an Act is kept as it is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cspgraph.days import fold
from cspgraph.reading.facts import Doubt, Fact, More, quoted
from cspgraph.reading.lists import below
from cspgraph.reading.names import names
from cspgraph.reading.printed_days import DAY, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cspgraph.reading.blocks import Block
    from cspgraph.reading.titles import Titles

__all__ = ["read"]

_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z\"'(])")
_ZONES = {"", "reasons", "recommendation"}
#: What says that something is owed, with the place of what is owed after it.
_OWED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:are|is|be|been) (?:also |now |jointly |each |not |no longer )*(?:legally |statutorily )?(?:required|obliged|bound)(?: by (?:law|statute|the act))?(?: under [^,]+?| by [^,]+?)? to (?P<rest>.+)",
        r"\b(?:are|is) (?:also |jointly )?(?:responsible|accountable) for (?P<rest>\w+ing .+)",
        r"\b(?:are|is) (?:also )?under an? (?:legal|statutory|joint)(?: \w+)? (?:duty|obligation|requirement) to (?P<rest>.+)",
        r"\b(?:has|have) an? (?:legal |statutory |joint |clear )*(?:duty|obligation|responsibility)(?: under [^,]+?)? to (?P<rest>.+)",
        r"\bit is an? (?:legal |statutory )?(?:duty|requirement|obligation) (?:for|on|of) (?P<who>.{3,80}?) to (?P<rest>.+)",
        r"\b(?:the|this|that|a)(?:,? \w+){0,9} (?:duty|act|legislation|regulations|section|\d{4}|\d+[A-Z]?(?:\(\d\))?) (?:also )?(?:requires?|obliges?) (?P<who>.{3,90}?) to (?P<rest>.+)",
        r"\b(?:places?|imposes?|puts?) an? (?:legal |statutory |joint |general )*(?:duty|obligation|requirement) (?:on|upon) (?P<who>.{3,90}?) to (?P<rest>.+)",
        r"\b(?:the |a )?(?:statutory |legal )?(?:requirement|obligation|duty) (?:for|on) (?P<who>\S.{2,60}?) to (?P<rest>.+)",
        r"\b(?:must|shall)(?: also| each| jointly)* (?!be\b|not\b|by\b)(?P<rest>.+)",
        r"\b(?:mae'n|mae) ddyletswydd ar (?P<who>.{3,60}?) (?:i )?(?P<rest>(?:lunio|baratoi|gynhyrchu) .+)",
    )
)
_PASSIVE = re.compile(
    r"^(?P<what>.{0,160}?)\b(?:must|shall|should|(?:are|is) (?:also )?(?:legally |statutorily )?required to|(?:has|have) to|needs? to)(?: also| then)?(?: formally)? be(?: formally| also| jointly)* "
    r"(?P<verb>adopted|approved|published|kept under review|reviewed|refreshed|revised|prepared|produced|updated|agreed)(?P<end>[^.]*)",
    re.I,
)
_ADOPTION = re.compile(
    r"\b(?:adoption|approval|sign-?off)(?: of (?P<what>[^.]{3,120}?))? (?:must be|is reserved|rests|is a matter|must rest|lies|can only be made|has to be)(?: reserved)? (?:by|to|with|for) (?:the )?(?P<organ>.{3,60})",
    re.I,
)
_VERBS = (
    ("formulate and implement", r"formulat(?:e|ing) and implement(?:ing)?"),
    (
        "produce",
        r"develop(?:ing)? and (?:implement(?:ing)?|publish(?:ing)?|deliver(?:ing)?)",
    ),
    ("produce", r"prepar(?:e|ing) and (?:implement(?:ing)?|publish(?:ing)?)"),
    ("have regard to", r"hav(?:e|ing) (?:due )?regard to"),
    ("keep under review", r"(?:keep(?:ing)? .{0,30}?under review|review(?:ing)?)"),
    ("revise", r"(?:refresh(?:ing)?|revis(?:e|ing)|updat(?:e|ing))"),
    (
        "work together",
        r"(?:work(?:ing)? (?:together|with|in partnership|jointly)|collaborat(?:e|ing)|co-?operat(?:e|ing))",
    ),
    ("share information", r"shar(?:e|ing) information"),
    ("consult", r"consult(?:ing)?"),
    ("adopt", r"adopt(?:ing)?"),
    ("publish", r"publish(?:ing)?"),
    ("send", r"(?:send(?:ing)?|submit(?:ting)?)"),
    ("set up", r"(?:establish(?:ing)?|set(?:ting)? up|form(?:ing)? an?)"),
    (
        "produce",
        r"(?:produc(?:e|ing)|prepar(?:e|ing)|develop(?:ing)?|hav(?:e|ing)|creat(?:e|ing)|writ(?:e|ing)|draw(?:ing)? up|formulat(?:e|ing)|mak(?:e|ing)|lunio|baratoi|gynhyrchu)",
    ),
    (
        "assess",
        r"(?:carry(?:ing)? out|undertak(?:e|ing)|conduct(?:ing)?|complet(?:e|ing)|assess(?:ing)?|produc(?:e|ing))",
    ),
)
_PASSIVES = {
    "adopted": "adopt",
    "approved": "adopt",
    "agreed": "adopt",
    "published": "publish",
    "kept under review": "keep under review",
    "reviewed": "keep under review",
    "refreshed": "revise",
    "revised": "revise",
    "updated": "revise",
    "prepared": "produce",
    "produced": "produce",
}
_FINDERS = tuple(
    (name, re.compile(rf"\b{pattern}\b", re.I)) for name, pattern in _VERBS
)
_YEARS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "dair": "3",
    "tair": "3",
}
_LENGTH = re.compile(
    r"\b(one|two|three|four|five|\d)[- ]years?\b|\b(tair|dair) blynedd", re.I
)
_CYCLE = re.compile(
    r"\b(?:annually|yearly|(?:every|each) year|on an annual basis|bob blwyddyn)\b|\bevery (two|three|four|five|\d) years\b",
    re.I,
)
_SECTION = re.compile(
    r"\b(?:[Ss]ections?|[Rr]egulations?|s\.|[Ss]chedules?) ?\d+[A-Z]*(?:\(\w{1,4}\))*(?:(?:,| and| or| to) \d+[A-Z]*(?:\(\w{1,4}\))*)*"
)
_BACK = re.compile(
    r"^\s*(?:this|these|such|both|they|it|those|each of these)\b(?:\s+(?:plans?|strateg(?:y|ies)|documents?))*",
    re.I,
)
_RELATIVE = re.compile(
    r"\(?(?:that|which) (?:are|is|must be) (?P<verb>refreshed|reviewed|revised|updated|published) (?P<how>annually|every year|each year|yearly)\)?",
    re.I,
)
_VIOLENCE = re.compile(
    r"\bduty to (?:tackle|prevent and reduce|reduce|prevent) serious violence|\b(?:deliver(?:ing)?|meet(?:ing)?|fulfil(?:ling)?|discharg(?:e|ing)|implement(?:ing)?) the serious violence duty",
    re.I,
)
_MUTUAL = re.compile(
    r"^(?:The )?(?P<one>.{2,60}?) and (?P<other>.{2,70}?) (?:are|must|have a duty)(?: both| each)?(?: legally| statutorily)?(?: required| obliged)?(?: to)? have regard to (?:each other's|one another's) (?P<what>\w+)",
    re.I,
)
_STATUTORY = re.compile(
    r"\b(?:is |as )?an? (?:statutory (?:partnership|body|requirement)|partnership required)\b.{0,30}?\bunder (?P<law>.{5,80})",
    re.I,
)
_FORCE = re.compile(
    rf"(?P<duty>serious violence duty).*(?:came|comes|come) into (?:effect|force).*?(?:for the following (?P<list>\w+))?.*?on (?P<day>{DAY})",
    re.I,
)
_HOLDERS = re.compile(
    r"\b(?:following (?P<word>partners|bodies|agencies|organisations|authorities)?.{0,20}?\(?(?P<role>responsible authorities|specified authorities)\)?|(?P<role2>responsible authorities|specified authorities)(?: (?:in|of|for) [\w ]+?)? (?P<verb>are as follows|are(?=:)|include|comprise|consist of)\b:? ?(?P<items>.*))",
    re.I,
)
_EXPECTED = re.compile(
    r"\bpublished\b.*?(?P<why>in line with (?:the )?(?:government|home office|statutory) (?:expectations?|guidance|deadline)s?)",
    re.I,
)
_NOT_OWED = re.compile(
    r"\b(?:no longer|not|never) (?:legally |statutorily )?(?:required|obliged|under)|\bthere is no (?:legal |statutory )?(?:duty|requirement)",
    re.I,
)


@dataclass(slots=True)
class _Context:
    """What a sentence may inherit from those before it in its paragraph."""

    law: str = ""
    printed: str = ""
    violence: bool = False
    products: list[str] = field(default_factory=list)


def read(blocks: Sequence[Block], titles: Titles, doubts: list[Doubt]) -> list[Fact]:
    """Return the claims of a report in the order of its text, merged within a passage."""
    return _Claims(blocks, titles, doubts).read()


class _Claims:
    def __init__(
        self, blocks: Sequence[Block], titles: Titles, doubts: list[Doubt]
    ) -> None:
        self._blocks, self._titles, self._doubts = blocks, titles, doubts
        self._found: list[Fact] = []
        self._context = _Context()
        self._group = -1
        self._heading = ""

    def read(self) -> list[Fact]:
        for number, block in enumerate(self._blocks):
            if block.zone not in _ZONES or block.kind in ("heading", "field"):
                continue
            if block.heading != self._heading:
                self._heading = block.heading
                self._context = _Context()
                self._titles.enter(block.heading)
            for sentence in _SENTENCE.split(block.text):
                self._sentence(fold(sentence), block, number)
        return self._found

    def _sentence(self, text: str, block: Block, number: int) -> None:
        self._laws(text, block)
        if block.zone == "recommendation":
            return
        if re.search(r"\b[Ss]erious violence\b", text) and re.search(r"\bduty\b", text):
            self._context.violence = True
        for made in (
            self._force,
            self._holders,
            self._mutual,
            self._statutory,
            self._violence,
            self._expected,
        ):
            if made(text, block, number):
                return
        if self._passive(text, block):
            return
        self._owed(text, block)

    # The law that is named

    def _laws(self, text: str, block: Block) -> None:
        for one in names().laws:
            found = one.right.search(text)
            if found:
                self._context.law, self._context.printed = one.law, ""
                return
        for one in names().laws:
            found = one.slips.search(text) if one.slips else None
            if found:
                after = text[found.end() : found.end() + 6]
                wrong = re.match(r" ?((?:19|20)\d\d)", after)
                words = found[0] + (f" {wrong[1]}" if wrong else "")
                self._context.law = (
                    one.law if wrong or re.search(r"\d{4}$", words) else ""
                )
                self._context.printed = words
                if not re.search(r"\d{4}", words):
                    self._doubt(
                        "an Act is named without its year; which one is meant is not taken",
                        block,
                        words,
                    )
                else:
                    self._doubt(
                        "an Act is named in a way that is not its name; it is kept as printed",
                        block,
                        words,
                    )
                return
        found = re.search(
            r"\b((?:[A-Z][\w']+,? (?:and |of |\(\w+\) )?){1,8}Act (?:19|20)\d\d)", text
        )
        if found:
            self._context.law, self._context.printed = "", found[1]
            return
        if (
            re.search(r"\b(?:of|under|in) the Act\b(?! \d)", text)
            and not self._context.law
            and not self._context.printed
        ):
            self._doubt(
                "'the Act' is said, and none is named before it in the section",
                block,
                text,
            )

    def _given(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the law that a claim names or inherits, its sections, and its days."""
        more: dict[str, tuple[str, ...]] = {}
        named = any(one.right.search(text) for one in names().laws) or re.search(
            r"\bAct\b|\b(?:[Tt]he|[Tt]his) duty\b", text
        )
        if named:
            if self._context.law:
                more["law"] = (self._context.law,)
            if self._context.printed:
                more["law printed"] = (self._context.printed,)
        sections = _SECTION.findall(text)
        if sections and (named or self._context.law):
            more["section"] = tuple(dict.fromkeys(sections))
        return more

    # Kinds of claim

    def _force(self, text: str, block: Block, number: int) -> bool:
        found = _FORCE.search(text)
        if not found:
            return False
        kinds = [k for b in below(self._blocks, number) for k in _holder_kinds(b.text)]
        more = {"role": ("specified authority",), **self._given(text)}
        if day(found["day"]):
            more["from"] = (day(found["day"]),)
        if kinds:
            more["holder kind"] = tuple(dict.fromkeys(kinds))
            if not re.search(r"\bfollowing\b", text):
                more["list"] = ("in part",)
        if len(more) > 1:
            self._add(block, text.rstrip(":"), more)
            self._context.violence = True
        return True

    def _holders(self, text: str, block: Block, number: int) -> bool:
        found = _HOLDERS.search(text)
        if not found:
            return False
        role = (found["role"] or found["role2"]).lower()
        role = (
            "responsible authority"
            if role.startswith("resp")
            else "specified authority"
        )
        listed = [b.text.strip(" ;.") for b in below(self._blocks, number)]
        if not listed and found["items"]:
            parts = re.split(
                r",|;|\band\b(?! Rescue| rescue| Wiltshire| Crime| crime)",
                found["items"],
            )
            listed = [p.strip(" .:") for p in parts if p.strip(" .:")]
        listed = [re.sub(r"^the ", "", one) for one in listed if len(one) < 90]
        if len(listed) > 1:
            whole = bool(found["role"]) or (found["verb"] or "").lower() in (
                "are",
                "comprise",
                "consist of",
                "are as follows",
            )
            more: dict[str, tuple[str, ...]] = {
                "role": (role,),
                "holder": tuple(listed),
                **self._given(text),
            }
            if not whole:
                more["list"] = ("in part",)
            self._add(block, found[0].strip(" :"), more)
        self._owed(text, block)
        return bool(found["role"]) or len(listed) > 1

    def _mutual(self, text: str, block: Block, number: int) -> bool:  # noqa: ARG002
        found = _MUTUAL.search(text)
        if not found:
            return False
        one, other = _role(found["one"]), _role(found["other"])
        if not one or not other:
            return False
        for mine, yours in ((one, other), (other, one)):
            more = {
                "action": ("have regard to",),
                "product": ("priority or objective of a plan",),
                "role": (mine,),
                "return": (yours,),
                **self._given(text),
            }
            self._add(block, text, more)
        return True

    def _statutory(self, text: str, block: Block, number: int) -> bool:  # noqa: ARG002
        found = _STATUTORY.search(text)
        law = self._given(text)
        if not found or not law or "requirement" in found[0].lower().split("under")[0]:
            return False
        self._add(
            block,
            found[0],
            {"action": ("set up",), "product": ("strategy group",), **law},
        )
        return True

    def _violence(self, text: str, block: Block, number: int) -> bool:  # noqa: ARG002
        found = _VIOLENCE.search(text)
        if not found:
            return False
        role = _role(text[: found.start()]) or "specified authority"
        if role not in ("responsible authority", "specified authority"):
            role = (
                "specified authority"
                if re.search(r"\bpartners\b", text[: found.start()], re.I)
                else role
            )
        more = {
            "action": ("work together",),
            "product": ("work on serious violence",),
            "role": (role,),
        }
        begin = text.rfind(" ", 0, max(0, found.start() - 30)) + 1
        self._add(block, text[begin : found.end()], more)
        return not any(p.search(text) for p in _OWED)

    def _expected(self, text: str, block: Block, number: int) -> bool:  # noqa: ARG002
        found = _EXPECTED.search(text)
        if not found:
            return False
        meant = (
            self._titles.inside(text)
            or self._titles.inside("the strategy")
            or self._titles.inside("the plan")
        )
        if not meant:
            return False
        more = {
            "action": ("publish",),
            "product": (_general(meant[0].kind),),
            "deadline": (found["why"],),
        }
        self._add(block, found["why"], more)
        return False

    def _passive(self, text: str, block: Block) -> bool:
        hit = False
        found = _ADOPTION.search(text)
        if found:
            organ = _organ(found["organ"])
            products = self._products(found["what"] or "") or self._back(block)
            if organ and products:
                hit = True
                for product in products:
                    self._add(
                        block,
                        found[0],
                        {
                            "action": ("adopt",),
                            "product": (_adopt(product),),
                            "organ": (organ,),
                            "role": ("council for the area",),
                            **self._given(text),
                        },
                    )
        found = _PASSIVE.search(text)
        if not found:
            return hit
        verb = _PASSIVES[found["verb"].lower()]
        before = found["what"]
        products = self._products(before)
        if not products and _BACK.match(before):
            products = self._back(block)
        if not products:
            return hit
        end = found["end"]
        by = re.search(r"\bby (?:the )?(.+)", end)
        more: dict[str, tuple[str, ...]] = {}
        if by:
            organ = _organ(by[1])
            role = _role(by[1])
            if organ:
                more["organ"] = (organ,)
            if role or (organ and verb == "adopt"):
                more["role"] = (role or "council for the area",)
        elif verb == "adopt":
            return hit
        cycle = _cycle(end)
        if cycle:
            more["cycle"] = (cycle,)
        self._context.products = products
        for product in products:
            action = self._action(verb, product)
            what = _adopt(product) if verb == "adopt" else product
            self._add(
                block,
                text[
                    found.start("what")
                    if len(text) < 120
                    else max(0, found.end("what") - 10) :
                ],
                {"action": (action,), "product": (what,), **more, **self._given(text)},
            )
        return True

    def _owed(self, text: str, block: Block) -> None:
        found = next((m for p in _OWED if (m := p.search(text))), None)
        if not found:
            return
        groups = found.groupdict()
        who = groups.get("who") or text[: found.start()]
        role = _role(who)
        if (
            not role
            and re.search(r"\b(?:partners|bodies|agencies)\b", who, re.I)
            and (self._context.violence or re.search("certain partners", who, re.I))
        ):
            role = "specified authority" if self._context.violence else ""
        denied = bool(_NOT_OWED.search(text))
        rest = groups["rest"]
        given = self._given(text)
        for action, products, words in self._objects(rest):
            length, cycle = _length(words), _cycle(_RELATIVE.sub("", words))
            for product in products or [""]:
                more: dict[str, tuple[str, ...]] = {
                    "action": (self._action(action, product),)
                }
                if product:
                    more["product"] = (self._meant(product, given),)
                if role:
                    more["role"] = (role,)
                if not product and not role:
                    continue
                if not product and action not in ("work together", "share information"):
                    continue
                if (
                    length
                    and product
                    in (
                        "partnership plan",
                        "crime and disorder strategy",
                        "reducing reoffending strategy",
                        "serious violence strategy",
                    )
                    and product == products[0]
                ):
                    more["length"] = (length,)
                if cycle:
                    more["cycle"] = (cycle,)
                if denied:
                    more["required"] = ("not required",)
                quote = words if len(products) > 1 or action != "" else text
                lead = text[: found.start("rest")]
                self._add(
                    block,
                    f"{lead if product == (products or [''])[0] else ''}{quote}".strip(),
                    {**more, **given},
                )
            if products:
                self._context.products = (
                    list(dict.fromkeys([*self._context.products, *products]))
                    if self._group == block.group
                    else products
                )
            relative = _RELATIVE.search(words)
            if relative and products:
                before = self._products(words[: relative.start()])
                for product in before[-1:]:
                    more = {
                        "action": (_PASSIVES[relative["verb"].lower()],),
                        "product": (product,),
                        "cycle": ("1 year",),
                    }
                    if role:
                        more["role"] = (role,)
                    self._add(block, relative[0], {**more, **given})
        self._group = block.group

    def _objects(self, rest: str) -> Iterator[tuple[str, list[str], str]]:
        """Yield each verb of what is owed, with its documents and its words."""
        hits: list[tuple[int, int, str]] = []
        for name, pattern in _FINDERS:
            for match in pattern.finditer(rest):
                if all(
                    match.end() <= start or match.start() >= end
                    for start, end, _ in hits
                ):
                    hits.append((match.start(), match.end(), name))
        hits.sort()
        kept = [
            h
            for n, h in enumerate(hits)
            if n == 0
            or re.search(
                r"(?:\band\b|,|\bto\b|;)\s*(?:to |also |then |jointly )*$", rest[: h[0]]
            )
        ]
        for number, (start, _, name) in enumerate(kept):
            stop = kept[number + 1][0] if number + 1 < len(kept) else len(rest)
            words = rest[start:stop]
            words = (
                re.split(
                    r"(?:,? (?:which|based on|informed by|so that|in order to|through the)\b)",
                    words,
                )[0]
                if not _RELATIVE.search(words)
                else words
            )
            products = self._products(words)
            if (
                not products
                and re.search(r"\ba strategy\b", words)
                and self._context.violence
            ):
                products = ["serious violence strategy"]
            if (
                not products
                and re.search(r"priorit|objectives", words)
                and name == "have regard to"
            ):
                products = ["priority or objective of a plan"]
            yield name, products, words.strip(" ,.;")

    def _products(self, text: str) -> list[str]:
        """Return the kinds of document that words name, in their order."""
        hits: list[tuple[int, int, str]] = []
        for one in names().documents:
            if one.kind == "equality impact assessment":
                continue
            hits += [
                (m.start(), -m.end(), one.kind)
                for m in re.finditer(rf"\b{one.pattern}\b", text, re.I)
            ]
        kept: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(hits, key=lambda h: (h[1] + h[0], h[0])):
            if all(-end <= s or start >= -e for s, e, _ in kept):
                kept.append((start, end, kind))
        return list(dict.fromkeys(kind for _, _, kind in sorted(kept)))

    def _back(self, block: Block) -> list[str]:
        said = [
            p for f in self._found if f.place == block.place for p in f.all("product")
        ]
        return self._context.products or [_plain(p) for p in dict.fromkeys(said)]

    def _meant(self, product: str, given: dict[str, tuple[str, ...]]) -> str:
        if product == "serious violence strategy" and any(
            "2022" in law for law in given.get("law", ())
        ):
            return "serious violence strategy (2022 Act)"
        if product == "serious violence strategy" and any(
            "Crime and Disorder" in law for law in given.get("law", ())
        ):
            return "serious violence strategy (1998 Act)"
        return product

    @staticmethod
    def _action(verb: str, product: str) -> str:
        if verb not in ("produce", "assess", "formulate and implement"):
            return verb
        if not product:
            return "prepare"
        kind = (
            names().document(_plain(product)).produce
            if _plain(product) in {d.kind for d in names().documents}
            else "prepare"
        )
        return kind if verb != "formulate and implement" else verb

    def _add(self, block: Block, words: str, more: More) -> None:
        """Add a claim; one about the same action and document in a passage is taken in."""
        quote = quoted(words.strip(" ,;"), 25)
        for number, old in enumerate(self._found):
            same = all(
                old.all(key) == more.get(key, ())
                for key in ("action", "product", "return")
            )
            mine = (
                old.all("role") == more.get("role", ())
                or not more.get("role")
                or not old.all("role")
            )
            if old.place == block.place and same and mine and more.get("action"):
                later = quote if more.get("organ") else old.value
                self._found[number] = Fact(
                    "claim",
                    "",
                    later,
                    place=old.place,
                    quote=quoted(later),
                    heading=old.heading,
                    rule=old.rule,
                    more={**old.more, **more},
                )
                return
        self._found.append(
            Fact(
                "claim",
                "",
                quote,
                place=block.place,
                quote=quoted(quote),
                heading=block.heading,
                rule="claim",
                more=more,
            )
        )

    def _doubt(self, said: str, block: Block, words: str) -> None:
        one = Doubt(said, block.place, quoted(words))
        if one not in self._doubts:
            self._doubts.append(one)


def _plain(product: str) -> str:
    return re.sub(r" \(\d{4} Act\)$", "", product)


def _general(kind: str) -> str:
    return kind


def _adopt(product: str) -> str:
    found = {one.kind: one.adopt for one in names().documents}
    return found.get(product, product)


def _role(words: str) -> str:
    """Return the role that is named last in the words before a duty."""
    best = (-1, "")
    plain = re.sub(r"\(.*?\)", " ", words)
    for role, pattern in names().roles:
        for match in re.finditer(
            rf"\b{pattern.pattern}(?!\w)(?!'s (?:plan|priorit))", plain
        ):
            rank = match.end()
            if rank > best[0]:
                best = (rank, role)
    return best[1]


def _organ(words: str) -> str:
    if re.match(
        r"(?:the )?full council|all (?:members|councillors)|council meeting|cyngor llawn|a meeting of the full",
        words,
        re.I,
    ):
        return "full council"
    if re.match(r"(?:the )?(?:cabinet|executive)\b", words, re.I):
        return "executive"
    return ""


def _length(words: str) -> str:
    found = _LENGTH.search(words)
    if not found:
        return ""
    word = (found[1] or found[2]).lower()
    number = _YEARS.get(word, word)
    return f"{number} year{'s' * (number != '1')}"


def _cycle(words: str) -> str:
    found = _CYCLE.search(words)
    if not found:
        return ""
    number = _YEARS.get((found[1] or "one").lower(), found[1] or "1")
    return f"{number} year{'s' * (number != '1')}"


def _holder_kinds(text: str) -> list[str]:
    plain = fold(text).strip(" .;,")
    return [kind for kind, pattern in names().holders if pattern.fullmatch(plain)]
