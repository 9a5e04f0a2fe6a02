"""What a machine-readable zone calls a state or organisation, and what its CSCA's certificate calls it.

The zone has three letters, certificates two. Source: ICAO Doc 9303-3 (8th ed., 2021) clause 5; ISO 3166-1 for the
states; Doc 9303-12 clause 7.1 for the country attribute; certificates of the German master list of 2026-05-28 for HK,
MO and KS.
"""

from __future__ import annotations

UTOPIA = "UTO"
UTOPIA_IN_CERTIFICATES = "UT"

_STATES = (
    "AFGAF ALAAX ALBAL DZADZ ASMAS ANDAD AGOAO AIAAI ATAAQ ATGAG ARGAR ARMAM ABWAW AUSAU AUTAT AZEAZ BHSBS BHRBH BGDBD "
    "BRBBB BLRBY BELBE BLZBZ BENBJ BMUBM BTNBT BOLBO BESBQ BIHBA BWABW BVTBV BRABR IOTIO BRNBN BGRBG BFABF BDIBI CPVCV "
    "KHMKH CMRCM CANCA CYMKY CAFCF TCDTD CHLCL CHNCN CXRCX CCKCC COLCO COMKM COGCG CODCD COKCK CRICR CIVCI HRVHR CUBCU "
    "CUWCW CYPCY CZECZ DNKDK DJIDJ DMADM DOMDO ECUEC EGYEG SLVSV GNQGQ ERIER ESTEE SWZSZ ETHET FLKFK FROFO FJIFJ FINFI "
    "FRAFR GUFGF PYFPF ATFTF GABGA GMBGM GEOGE DEUDE GHAGH GIBGI GRCGR GRLGL GRDGD GLPGP GUMGU GTMGT GGYGG GINGN GNBGW "
    "GUYGY HTIHT HMDHM VATVA HNDHN HKGHK HUNHU ISLIS INDIN IDNID IRNIR IRQIQ IRLIE IMNIM ISRIL ITAIT JAMJM JPNJP JEYJE "
    "JORJO KAZKZ KENKE KIRKI PRKKP KORKR KWTKW KGZKG LAOLA LVALV LBNLB LSOLS LBRLR LBYLY LIELI LTULT LUXLU MACMO MDGMG "
    "MWIMW MYSMY MDVMV MLIML MLTMT MHLMH MTQMQ MRTMR MUSMU MYTYT MEXMX FSMFM MDAMD MCOMC MNGMN MNEME MSRMS MARMA MOZMZ "
    "MMRMM NAMNA NRUNR NPLNP NLDNL NCLNC NZLNZ NICNI NERNE NGANG NIUNU NFKNF MKDMK MNPMP NORNO OMNOM PAKPK PLWPW PSEPS "
    "PANPA PNGPG PRYPY PERPE PHLPH PCNPN POLPL PRTPT PRIPR QATQA REURE ROURO RUSRU RWARW BLMBL SHNSH KNAKN LCALC MAFMF "
    "SPMPM VCTVC WSMWS SMRSM STPST SAUSA SENSN SRBRS SYCSC SLESL SGPSG SXMSX SVKSK SVNSI SLBSB SOMSO ZAFZA SGSGS SSDSS "
    "ESPES LKALK SDNSD SURSR SJMSJ SWESE CHECH SYRSY TWNTW TJKTJ TZATZ THATH TLSTL TGOTG TKLTK TONTO TTOTT TUNTN TURTR "
    "TKMTM TCATC TUVTV UGAUG UKRUA AREAE GBRGB USAUS UMIUM URYUY UZBUZ VUTVU VENVE VNMVN VGBVG VIRVI WLFWF ESHEH YEMYE "
    "ZMBZM ZWEZW"
)
_SPECIAL: dict[str, frozenset[str]] = {
    "D": frozenset({"DE"}),
    "GBD": frozenset({"GB"}),
    "GBN": frozenset({"GB"}),
    "GBO": frozenset({"GB"}),
    "GBP": frozenset({"GB"}),
    "GBS": frozenset({"GB"}),
    "CHN": frozenset({"CN", "HK", "MO"}),
    "HKG": frozenset({"HK", "CN"}),
    "MAC": frozenset({"MO", "CN"}),
    "EUE": frozenset({"EU"}),
    "UNO": frozenset({"UN"}),
    "UNA": frozenset({"UN"}),
    "UNK": frozenset({"UN", "KS"}),
    "RKS": frozenset({"KS", "XK"}),
    "XOM": frozenset({"XO", "XM"}),
    "XPO": frozenset({"XP"}),
    "XCE": frozenset({"XC"}),
    "ZIM": frozenset({"ZW"}),
    UTOPIA: frozenset({UTOPIA_IN_CERTIFICATES}),
}
"""Codes that are no states, states that differ from ISO 3166-1, and authorities that sign under two codes."""

_COUNTRIES: dict[str, frozenset[str]] = {
    **{pair[:3]: frozenset({pair[3:]}) for pair in _STATES.split()},
    **_SPECIAL,
}


def certificate_countries(issuer: str) -> frozenset[str]:
    """Return the two-letter codes that certificates of an issuing state may carry.

    Args:
        issuer: three-letter code of the machine-readable zone; fillers are ignored.

    Returns:
        Empty where the code is not known.
    """
    return _COUNTRIES.get(issuer.strip("< ").upper(), frozenset())


def known_certificate_countries() -> frozenset[str]:
    """Return every two-letter code that some issuer's certificates may carry."""
    return frozenset().union(*_COUNTRIES.values())


def is_imaginary(country: str) -> bool:
    """Tell whether a code names the imaginary state of specimens (Utopia), in two letters or three.

    A rulebook that is in production refuses trust anchors and papers of such a state.

    Source: ICAO Doc 9303-3 clause 5 part D (UTO) and its specimens.
    """
    return country.strip("< ").upper() in {UTOPIA, UTOPIA_IN_CERTIFICATES}
