"""Papers of every kind read to plain facts: complete, such as JSON can hold, and without a byte of an image."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_zones import made

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.boarding_pass.writer import write_boarding_pass
from fairgate.papers.cusres.facts import Answer, ListAnswer, PersonAnswer, Verdict
from fairgate.papers.cusres.writer import write_answer
from fairgate.papers.mint.breaks import NAMED_BY, BreakKind
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.mrz.formats import FORMATS, MrzKind
from fairgate.papers.nist_itl.facts import Compression, FaceRecord, Transaction
from fairgate.papers.nist_itl.writer import write_transaction
from fairgate.papers.paxlst.details import Indicator, PersonDetails
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList, Role
from fairgate.papers.paxlst.forms import ListForm, write_list
from fairgate.papers.read_any import PaperRead, read_chip_folder, read_paper
from fairgate.papers.trust.master_list import read_master_list
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.mint_papers import DrawnKeys
from fairgate.vocabulary import Photo, TravelDocument, Traveller

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
PIXELS = b"\xff\xd8\xff\xe0 drawn, and nobody's \xff\xd9"
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x02\x13\x01\x9d\x03" + bytes(range(256)) + b"\xff\xd9"

INFANT = ListedPerson(
    Traveller(
        "P0001",
        "DOE",
        "JO",
        date(2025, 6, 1),
        "X",
        "USA",
        (TravelDocument("P", "123456789", "USA", date(2030, 1, 2)), TravelDocument("V", "V77", "GBR")),
        ("GBR",),
    ),
    Role.TRANSIT_PASSENGER,
    "BOS",
    "LHR",
    "NY7HZZ",
    "1234",
    PersonDetails(seat="12A", residence="USA", indicators=(Indicator("4", "173"),)),
)
PILOT = ListedPerson(Traveller("P0002", "ROE", "MAX", date(1980, 1, 1), "M", "GBR"), Role.CREW)
LISTED = PassengerList(
    MessageFacts("FGAIR", "TVS", prepared_at=datetime.fromisoformat("2026-11-22T09:00"), control_reference="I1"),
    (
        FlightLeg(
            "FG",
            "0420",
            "BOS",
            "LHR",
            datetime.fromisoformat("2026-11-22T19:00"),
            datetime.fromisoformat("2026-11-23T06:30"),
        ),
    ),
    (INFANT, PILOT),
)


def told(content: bytes, name: str = "") -> Any:
    """Return the facts of a paper as JSON gives them back."""
    return json.loads(json.dumps(dict(read_paper(content, name=name, on=ON).facts)))


@pytest.mark.parametrize("form", [ListForm.CSV, ListForm.JSON])
def test_a_list_tells_its_legs_and_everybody_on_it(form: ListForm) -> None:
    """Times, documents apart from visas, further nationalities, and what stands out of each person."""
    facts = told(write_list(LISTED, form))
    assert (facts["form"], facts["passengers"], facts["crew"]) == (form.value, 1, 1)
    assert facts["legs"][0]["flight"] == "FG420"
    assert (facts["legs"][0]["departure"], facts["legs"][0]["arrival"]) == (
        "2026-11-22T19:00:00",
        "2026-11-23T06:30:00",
    )
    infant, pilot = facts["people"]
    assert infant["documents"] == [{"kind": "P", "number": "123456789", "issuer": "USA", "expires_on": "2030-01-02"}]
    assert infant["visas"] == [{"kind": "V", "number": "V77", "issuer": "GBR"}]
    assert infant["flags"] == ["infant", "transit", "document_verified"]
    assert (infant["born_on"], infant["sex"], infant["further_nationalities"]) == ("2025-06-01", "X", ["GBR"])
    assert (infant["seat"], infant["residence"], infant["reservation"]) == ("12A", "USA", "NY7HZZ")
    assert (pilot["role"], pilot["place"], pilot["flags"]) == ("crew", 2, ["no_document"])


def test_messages_that_take_something_away_are_told_one_by_one() -> None:
    """A cancellation is no list of who is expected, and is read nevertheless."""
    edifact = (
        b"UNA:+.? 'UNB+UNOA:4+FGAIR+TVS+261122:0900+I1++APIS'UNH+1+PAXLST:D:02B:UN:IATA'BGM+745+XF'"
        b"TDT+20+FG0420+++FG'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"
        b"CNT+42:0'UNT+8+1'UNZ+1+I1'"
    )
    facts = told(edifact)
    assert len(facts["messages"]) == 1
    assert sum(facts["actions"].values()) == 1
    assert facts["messages"][0]["legs"][0]["flight"] == "FG420"


def test_a_list_with_nobody_on_it_stays_refused() -> None:
    """Nothing is taken away by it, so that it says nothing."""
    with pytest.raises(PapersError, match="Nobody"):
        read_paper(b"UNB+UNOA:4+A+B+261122:0900+1'UNH+1+PAXLST:D:02B:UN'BGM+745'UNT+3+1'UNZ+1+1'", name="", on=ON)


def test_an_answer_tells_what_is_said_of_each_person() -> None:
    """With reasons, and the gravest verdict of each."""
    refused = Answer(Verdict.REFUSED, "1Z", ("DOCUMENT EXPIRED",))
    people = (PersonAnswer((refused,), 1, "NY7HZZ", "1234"), PersonAnswer((Answer(Verdict.ACCEPTED),), 2, "", "1235"))
    prepared_at = datetime.fromisoformat("2026-11-22T09:30")
    answer = ListAnswer("TVS", "FGAIR", prepared_at, "A1", "A1", flight="FG0420", leg=LISTED.legs[0], people=people)
    facts = told(write_answer(answer))
    assert facts["people_by_verdict"] == {"accepted": 1, "refused": 1}
    assert facts["people"][0]["answers"] == [{"verdict": "refused", "code": "1Z", "reasons": ["DOCUMENT EXPIRED"]}]
    assert (facts["flight"], facts["leg"]["departs_from"], facts["sender"]) == ("FG0420", "BOS", "TVS")


def test_a_pass_tells_every_item_of_every_leg() -> None:
    """And the day that the day of the year means."""
    leg = PassLeg("ABC123", "BOS", "LHR", "FG", "0420", 326, "Y", "025C", "0007", "1")
    second = replace(leg, departs_from="LHR", arrives_at="BRU", flight_number="0421", day_of_year=327)
    facts = told(write_boarding_pass(BoardingPass("DOE/JANE MRS", (leg, second))).encode())
    assert [one["flight"] for one in facts["legs"]] == ["FG420", "FG421"]
    assert [one["flies_on"] for one in facts["legs"]] == ["2026-11-22", "2026-11-23"]
    assert facts["legs"][1].items() >= {"compartment": "Y", "seat": "025C", "sequence": "0007", "status": "1"}.items()
    assert (facts["family_name"], facts["given_names"]) == ("DOE", "JANE MRS")


@pytest.mark.parametrize("kind", MrzKind)
def test_a_zone_of_each_kind_tells_fields_and_check_digits(kind: MrzKind) -> None:
    """Each field as printed with its place; each check digit with what it should be."""
    for seed in range(10):
        facts = told("\n".join(build_mrz(kind, made(kind, Random(seed))).lines).encode())
        assert facts["format"] == kind.value
        assert facts["check_digits_hold"]
        digits = facts["check_digits"]
        assert all(one["holds"] and one["given"] in {one["computed"], "<"} for one in digits)
        assert len(digits) == 3 + (FORMATS[kind].optional_check is not None) + (FORMATS[kind].composite is not None)
        assert {"document number", "date of birth", "date of expiry"} <= {one["field"] for one in facts["fields"]}
        assert {"number", "born", "family_name", "issuer"} <= set(facts)


def test_a_wrong_check_digit_is_told_beside_the_right_one() -> None:
    """What is given, and what it should be."""
    number = told(TD3.replace("L898902C36", "L898902C35").encode())["check_digits"][0]
    assert (number["given"], number["computed"], number["holds"]) == ("5", "6", False)


def test_a_transaction_tells_its_records_and_no_pixel() -> None:
    """Types 1, 2 and 10."""
    face = FaceRecord(Photo(PIXELS), "GATE-B22", ON, 480, 640, Compression.JPEG)
    facts = told(write_transaction(Transaction("FACE", ON, "STORE", "GATE", "T-1", (face,), {3: "EXIT"})))
    assert facts["descriptions"] == {"2.003": "EXIT"}
    assert facts["faces"][0].items() >= {"source": "GATE-B22", "width_px": 480, "size_bytes": len(PIXELS)}.items()
    assert (facts["transaction"], facts["made_on"], facts["control_number"]) == ("FACE", "2026-11-22", "T-1")
    assert "drawn" not in json.dumps(facts)


@pytest.fixture(scope="module")
def keys() -> DrawnKeys:
    """Drawn once."""
    return DrawnKeys(2048)


def minted(keys: DrawnKeys, broken: BreakKind | None = None) -> MintedPassport:
    """Return a passport of the imaginary state."""
    order = MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT, broken=broken)
    return mint_passport(order, keys, lambda size: bytes(range(1, size + 1)))


def trust_of(passport: MintedPassport) -> TrustStore:
    """Return the store that its authority's list makes."""
    return trust_store(read_master_list(passport.authority.master_list).accounting.anchors)


def chip_facts(read: PaperRead) -> Any:
    """Return a chip's facts as JSON gives them back, after looking for the image in them."""
    text = json.dumps(dict(read.facts))
    assert JPEG.hex()[:40] not in text
    return json.loads(text)


@pytest.mark.parametrize("broken", [None, BreakKind.DG1_CHANGED, BreakKind.NO_CSCA])
def test_a_chips_folder_tells_every_file_and_the_seven_steps(keys: DrawnKeys, broken: BreakKind | None) -> None:
    """Genuine, not genuine, and no CSCA are three different things."""
    passport = minted(keys, broken)
    facts = chip_facts(read_chip_folder(passport.files, trust=trust_of(passport), named=True, at=AT))
    found = facts["authentication"]
    verdicts = {None: "genuine", BreakKind.DG1_CHANGED: "not_genuine", BreakKind.NO_CSCA: "no_csca"}
    assert found["verdict"] == verdicts[broken]
    assert [step["number"] for step in found["steps"]] == [1, 2, 3, 4, 5, 6, 7]
    assert broken is None or NAMED_BY[broken] in {step["code"] for step in found["steps"]}
    assert facts["zone"]["family_name"].startswith("ERIKS")
    assert facts["portrait"]["images"][0].items() >= {"image_format": "jpeg", "width_px": 413, "height_px": 531}.items()
    assert facts["com"]["groups"] == [1, 2, 14, 15]
    assert set(facts["security_object"]["hashes"]) == {"DG1", "DG2", "DG14", "DG15"}
    assert facts["security_object"]["signed_at"].startswith("2026-")
    assert facts["security_infos"]["public_keys"]
    assert facts["active_key"]["usable"]


def test_a_chip_without_anybody_to_believe_is_not_called_forged(keys: DrawnKeys) -> None:
    """Nobody was named: that is told, and the verdict is that no CSCA is known."""
    facts = chip_facts(read_chip_folder(minted(keys).files, trust=trust_store(), named=False, at=AT))
    assert facts["trust"] == {"named": False, "countries": 0}
    assert facts["authentication"]["verdict"] == "no_csca"


def test_each_file_of_a_chip_alone(keys: DrawnKeys) -> None:
    """Each says which file it is, and what it holds."""
    facts = {name: told(content, name) for name, content in minted(keys).files.items()}
    assert facts["DG1"]["family_name"] == "ERIKSSON"
    assert facts["DG2"]["images"][0]["width_px"] == 413
    assert facts["EF.COM"]["groups"] == [1, 2, 14, 15]
    assert facts["EF.SOD"]["hashes"]["DG2"]
    assert facts["DG14"]["chip_authentication"]
    assert facts["DG15"]["key"]


def test_a_list_of_authorities_and_a_directory_account_for_their_certificates(keys: DrawnKeys) -> None:
    """By reason and by country; each anchor with its details."""
    authority = minted(keys).authority
    facts = told(authority.master_list)
    assert (facts["certificates"], facts["anchors"], facts["countries"]) == (1, 1, {"UT": 1})
    assert facts["anchor_certificates"][0]["subject"].startswith("C=UT")
    assert len(facts["anchor_certificates"][0]["sha256"]) == 64

    def value(name: str, content: bytes) -> str:
        return f"{name};binary:: {base64.b64encode(content).decode()}"

    ldif = "\n".join(
        [
            "version: 1",
            "dn: c=UT",
            value("pkdMasterListContent", authority.master_list),
            value("certificateRevocationList", authority.revocation_list),
            value("userCertificate", b"\x30\x03\x02\x01\x01"),
            value("userCertificate", read_master_list(authority.master_list).accounting.anchors[0].certificate.encoded),
            "",
        ]
    )
    facts = told(ldif.encode())
    assert (facts["signers"], facts["signers_by_country"]) == (2, {"UT": 1})
    assert facts["signers_unreadable"][0]["number"] == 1
    assert facts["revocation_lists"][0]["country"] == "UT"
    assert facts["master_lists"][0]["anchors"] == 1


@pytest.mark.parametrize("content", [b"", b" \r\n\t"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    """Not a paper of no known kind."""
    with pytest.raises(PapersError, match="empty"):
        read_paper(content, name="DG1.bin", on=ON)


@given(
    content=st.binary(max_size=300),
    begins=st.sampled_from(
        [b"", b"UNB+", b"M1", b"\x61", b"\x75", b"\x77", b"1.001:", b"{", b"form,", b"version: 1\n"]
    ),
)
def test_any_bytes_end_in_facts_that_json_holds_or_a_refusal(content: bytes, begins: bytes) -> None:
    """Never in another exception."""
    try:
        read = read_paper(begins + content, name="", on=ON)
    except PapersError:
        return
    json.dumps(dict(read.facts), allow_nan=False)


def test_all_real_lists_and_chip_files_are_told_wholly(shared_data: Path) -> None:
    """Each list with its legs and people, each file of a chip with more than its size."""
    for path in sorted((shared_data / "paxlst").iterdir()):
        facts = told(path.read_bytes(), path.name)
        assert facts["legs"]
        assert len(facts["people"]) == facts["passengers"] + facts["crew"]
    for path in [
        *sorted((shared_data / "icao").glob("BSI_*")),
        shared_data / "icao" / "ICAO_39794_5_AP_MandFields.dat",
    ]:
        assert len(told(path.read_bytes(), path.name)) > 2
    (german,) = (shared_data / "icao").glob("*.ml")
    facts = told(german.read_bytes())
    assert facts["anchors"] + len(facts["set_aside"]) == facts["certificates"] == 588
