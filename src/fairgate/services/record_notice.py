"""Notices: signs that tell travellers, in their languages, what happens and that they may decline.

A lane without a current notice in each of the rulebook's languages does not open. The picture of the sign is kept as
evidence beside the database; it must show nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fairgate.errors import LaneNotOpen, NoticeRefused
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.services.detect_faces import Inspector
from fairgate.services.opting_out_records import NoticeRecord
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Decoder, Entropy, Store
from fairgate.vocabulary import Actor, Photo, RecordClass

LONGEST_NOTICE_DAYS = 400
"""A sign is looked at again at least about once a year."""
SMALLEST_FACE_PX = 40
"""The smallest face looked for in the picture of a sign."""
_LOCATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))


@dataclass(frozen=True, slots=True)
class SignSeen:
    """A sign, as somebody saw it hang.

    Args:
        locations: lanes that it is for.
        languages: ISO 639-1 codes of what stands on it.
        text: its whole text.
        read_picture: lends the picture of the sign.
        taken_at: aware time of the picture; the notice counts from then on.
        expires_at: aware time from which it counts no more.
        taken_by: who took the picture.
    """

    locations: Sequence[str]
    languages: Sequence[str]
    text: str = field(repr=False)
    read_picture: Callable[[], Photo] = field(repr=False)
    taken_at: datetime
    expires_at: datetime
    taken_by: Actor


KeepPicture = Callable[[str, bytes], None]
"""Keeps the picture of a sign as evidence, under its digest and kind, e.g. ``"ab….png"``."""


class RecordNotice:
    """Records notices.

    Args:
        decoder: decodes the picture outside this process.
        engine: finds faces in it.
        keep_picture: where pictures lie.
        store: keeps the records.
        registrar: appends to the ledger.
        rules: name the purpose.
        clock: the present.
        entropy: identifiers and salts.
    """

    def __init__(
        self,
        *,
        decoder: Decoder,
        engine: Inspector,
        keep_picture: KeepPicture,
        store: Store,
        registrar: Registrar,
        rules: LaneRules,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._decoder = decoder
        self._engine = engine
        self._keep_picture = keep_picture
        self._store = store
        self._registrar = registrar
        self._rules = rules
        self._clock = clock
        self._entropy = entropy

    def __call__(self, sign: SignSeen, actor: Actor) -> tuple[NoticeRecord, ...]:
        """Record a sign, once for each location and language.

        Args:
            sign: as somebody saw it hang.
            actor: who records it.

        Returns:
            The records, in one transaction.

        Raises:
            NoticeRefused: the picture shows a face, or what is said of the sign contradicts itself.
            ImageRefused: the picture cannot be read.
        """
        now = self._clock()
        _check(sign, now)
        name, content = self._picture(sign)
        self._keep_picture(name, content)
        digest, _, kind = name.partition(".")
        recorded, row = [], None
        with self._store.writing() as transaction:
            for location in sorted(set(sign.locations)):
                for language in sorted(set(sign.languages)):
                    notice = NoticeRecord(
                        notice_id=self._entropy(8).hex(),
                        location=location,
                        language=language,
                        text_sha256=hashlib.sha256(sign.text.encode()).hexdigest(),
                        picture_sha256=digest,
                        picture_kind=kind,
                        taken_by=str(sign.taken_by),
                        taken_at=sign.taken_at,
                        expires_at=sign.expires_at,
                        recorded_at=now,
                        salt=self._entropy(SALT_BYTES),
                        ledger_index=transaction.ledger_size(),
                    )
                    row = self._registrar.append(transaction, self._entry(notice, actor))
                    transaction.add_notice(notice)
                    recorded.append(notice)
        if row is not None:
            self._registrar.committed(row)
        return tuple(recorded)

    def _picture(self, sign: SignSeen) -> tuple[str, bytes]:
        picture = sign.read_picture()
        try:
            with picture.open() as view:
                content = bytes(view)
                rgb = self._decoder.decode(view).rgb
        finally:
            picture.erase()
        if self._engine.inspect(rgb, smallest_face_px=SMALLEST_FACE_PX).seen:
            raise NoticeRefused(
                "The picture of the sign shows a face.", way_out="Take another one without anybody in it."
            )
        kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
        if kind is None:
            raise NoticeRefused("The picture of the sign is neither JPEG nor PNG.")
        return f"{hashlib.sha256(content).hexdigest()}.{kind}", content

    def _entry(self, notice: NoticeRecord, actor: Actor) -> Entry:
        return Entry(
            kind=EntryKind.NOTICE,
            at=notice.recorded_at,
            actor=actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            commitments=(Commitment(RecordClass.CASE, commit(RecordClass.CASE, notice.salt, notice.canonical())),),
        )


def is_location(text: str) -> bool:
    """Say whether a text can name a lane, as the ledger names one."""
    return _LOCATION.fullmatch(text) is not None


def _check(sign: SignSeen, now: datetime) -> None:
    if sign.taken_at.tzinfo is None or sign.expires_at.tzinfo is None:
        raise NoticeRefused("The times of a notice need their zone.", way_out="End them with Z or +00:00.")
    if sign.taken_at > now:
        raise NoticeRefused("The picture of the sign was not taken yet.")
    if not sign.taken_at < sign.expires_at <= sign.taken_at + timedelta(days=LONGEST_NOTICE_DAYS):
        raise NoticeRefused(f"A notice expires after its picture was taken, within {LONGEST_NOTICE_DAYS} days.")
    if not sign.locations or not all(map(is_location, sign.locations)):
        raise NoticeRefused("A location is a word of letters, digits, dots, dashes and underscores, like B22.")
    if not sign.languages or not all(_LANGUAGE.fullmatch(one) for one in sign.languages):
        raise NoticeRefused("A language is its two-letter code, like en.")
    if not sign.text.strip():
        raise NoticeRefused("A sign without text tells nobody anything.")


class Notices:
    """The notices on record, as a lane asks for them.

    Args:
        recorded: every notice.
        languages: that the rulebook wants.
    """

    def __init__(self, recorded: Iterable[NoticeRecord], languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._by_location: dict[str, list[NoticeRecord]] = {}
        for one in recorded:
            self._by_location.setdefault(one.location, []).append(one)

    def missing(self, location: str, at: datetime) -> tuple[str, ...]:
        """Return the languages in which no current notice hangs at a location, in the rulebook's order."""
        current = {one.language for one in self._by_location.get(location, ()) if one.is_current(at)}
        return tuple(language for language in self._languages if language not in current)

    def posted(self, location: str, at: datetime) -> bool:
        """Say whether a location has a current notice in each language."""
        return not self.missing(location, at)

    def require_open(self, lanes: Mapping[str, datetime]) -> None:
        """Refuse to open lanes without their notices.

        Args:
            lanes: each with the moment from which it is to take captures.

        Raises:
            LaneNotOpen: as said, naming each lane and the languages missing.
        """
        wanting = {lane: missing for lane, at in sorted(lanes.items()) if (missing := self.missing(lane, at))}
        if wanting:
            said = "; ".join(f"{lane} in {', '.join(missing)}" for lane, missing in wanting.items())
            raise LaneNotOpen(
                f"No current notice hangs at these lanes, so they do not open: {said}.",
                way_out="Hang the sign up, and record it with `fairgate notices record`.",
            )


def notices_of(store: Store, rules_languages: Sequence[str]) -> Notices:
    """Return the notices on record."""
    with store.reading() as transaction:
        return Notices(transaction.notices(), rules_languages)
