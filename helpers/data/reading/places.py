"""Countries and regions: one spelling each; what went where is said."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Final

from helpers.data.reading.grid import Grid, Unreadable, plain
from helpers.data.reading.meaning import is_missing, where

NOT_GIVEN: Final = "not given"
REGIONS: Final = ("Africa", "Asia", "Middle East", "Other")
# Names of regions as the United Nations, the World Bank and rights groups use them. Two of
# the regions that models name are not cut alike everywhere: those stand in `_EITHER`.
_REGION_NAMES: Final[Mapping[str, str]] = {
    "Africa": "sub saharan africa|subsaharan africa|sub sahara africa|africa sub saharan|ssa|"
    "west africa|western africa|east africa|eastern africa|southern africa|central africa|"
    "middle africa|horn of africa|africa south of the sahara|afr",
    "Asia": "east asia|eastern asia|south asia|southern asia|southeast asia|south east asia|"
    "south eastern asia|east and southeast asia|east asia and pacific|east asia pacific|"
    "asia pacific|asia and the pacific|asia and pacific",
    "Middle East": "mideast|near east|middle east and north africa|middle east north africa|"
    "mena|middle east and northern africa|middle east n africa",
    "Other": "others|other region|other regions|rest|rest of the world|elsewhere|europe|"
    "western europe|eastern europe|central europe|northern europe|southern europe|"
    "europe and central asia|eastern europe and central asia|europe central asia|"
    "former soviet union|americas|the americas|america|north america|northern america|"
    "south america|central america|latin america|latin america and the caribbean|"
    "latin america and caribbean|latin america caribbean|caribbean|oceania|pacific|caucasus|"
    "south caucasus|western hemisphere",
}
_EITHER: Final[Mapping[str, str]] = {
    "central asia": "Asia or Other",
    "west asia": "Asia or Middle East",
    "western asia": "Asia or Middle East",
    "southwest asia": "Asia or Middle East",
    "north africa": "Africa or Middle East",
    "northern africa": "Africa or Middle East",
    "maghreb": "Africa or Middle East",
    "eurasia": "Asia or Other",
}
# Name, its two codes of ISO 3166-1, other spellings.
_COUNTRIES: Final = """Afghanistan AF AFG|Albania AL ALB|Algeria DZ DZA|Andorra AD AND|Angola AO AGO
Antigua and Barbuda AG ATG|Argentina AR ARG|Armenia AM ARM|Australia AU AUS|Austria AT AUT
Azerbaijan AZ AZE=republic of azerbaijan;azerbaidjan|Bahamas BS BHS=the bahamas|Bahrain BH BHR
Bangladesh BD BGD|Barbados BB BRB|Belarus BY BLR=byelorussia|Belgium BE BEL|Belize BZ BLZ
Benin BJ BEN|Bhutan BT BTN
Bolivia BO BOL=bolivia plurinational state of;plurinational state of bolivia
Bosnia and Herzegovina BA BIH=bosnia|Botswana BW BWA|Brazil BR BRA=brasil
Brunei BN BRN=brunei darussalam|Bulgaria BG BGR|Burkina Faso BF BFA|Burundi BI BDI
Burma MM MMR=myanmar;burma myanmar;myanmar burma;republic of the union of myanmar
Cambodia KH KHM|Cameroon CM CMR|Canada CA CAN|Cape Verde CV CPV=cabo verde
Central African Republic CF CAF|Chad TD TCD|Chile CL CHL
China CN CHN=peoples republic of china;people s republic of china;prc;china mainland;mainland china
Colombia CO COL|Comoros KM COM|Congo CG COG=republic of the congo;congo brazzaville;congo republic
Costa Rica CR CRI|Croatia HR HRV|Cuba CU CUB|Cyprus CY CYP
Czechia CZ CZE=czech republic
Democratic Republic of the Congo CD COD=dr congo;drc;congo kinshasa;congo dem rep
Denmark DK DNK|Djibouti DJ DJI|Dominica DM DMA|Dominican Republic DO DOM|Ecuador EC ECU
Egypt EG EGY=arab republic of egypt;egypt arab rep|El Salvador SV SLV|Equatorial Guinea GQ GNQ
Eritrea ER ERI|Estonia EE EST|Eswatini SZ SWZ=swaziland
Ethiopia ET ETH|Fiji FJ FJI|Finland FI FIN|France FR FRA|Gabon GA GAB
Gambia GM GMB=the gambia;gambia the|Georgia GE GEO|Germany DE DEU|Ghana GH GHA|Greece GR GRC
Grenada GD GRD|Guatemala GT GTM|Guinea GN GIN|Guinea-Bissau GW GNB|Guyana GY GUY|Haiti HT HTI
Honduras HN HND|Hungary HU HUN|Iceland IS ISL|India IN IND|Indonesia ID IDN
Iran IR IRN=iran islamic republic of;islamic republic of iran;iran islamic rep;ir iran
Iraq IQ IRQ|Ireland IE IRL|Israel IL ISR|Italy IT ITA
Ivory Coast CI CIV=cote d ivoire;cote divoire|Jamaica JM JAM|Japan JP JPN|Jordan JO JOR
Kazakhstan KZ KAZ|Kenya KE KEN|Kiribati KI KIR|Kuwait KW KWT|Kyrgyzstan KG KGZ=kyrgyz republic
Laos LA LAO=lao pdr;lao people s democratic republic|Latvia LV LVA|Lebanon LB LBN|Lesotho LS LSO
Liberia LR LBR|Libya LY LBY|Liechtenstein LI LIE|Lithuania LT LTU|Luxembourg LU LUX
Madagascar MG MDG|Malawi MW MWI|Malaysia MY MYS|Maldives MV MDV|Mali ML MLI|Malta MT MLT
Marshall Islands MH MHL|Mauritania MR MRT|Mauritius MU MUS|Mexico MX MEX
Micronesia FM FSM=micronesia federated states of
Moldova MD MDA=republic of moldova;moldova republic of
Monaco MC MCO|Mongolia MN MNG|Montenegro ME MNE|Morocco MA MAR|Mozambique MZ MOZ|Namibia NA NAM
Nauru NR NRU|Nepal NP NPL|Netherlands NL NLD=the netherlands;holland|New Zealand NZ NZL
Nicaragua NI NIC|Niger NE NER|Nigeria NG NGA
North Korea KP PRK=democratic people s republic of korea;dprk;korea dem people s rep
North Macedonia MK MKD=macedonia|Norway NO NOR|Oman OM OMN|Pakistan PK PAK|Palau PW PLW
Palestine PS PSE=palestinian territories;state of palestine;palestine state of|Panama PA PAN
Papua New Guinea PG PNG|Paraguay PY PRY|Peru PE PER|Philippines PH PHL=the philippines
Poland PL POL|Portugal PT PRT|Qatar QA QAT|Romania RO ROU|Russia RU RUS=russian federation
Rwanda RW RWA|Saint Kitts and Nevis KN KNA|Saint Lucia LC LCA
Saint Vincent and the Grenadines VC VCT
Samoa WS WSM|San Marino SM SMR|Sao Tome and Principe ST STP
Saudi Arabia SA SAU=kingdom of saudi arabia;ksa|Senegal SN SEN|Serbia RS SRB|Seychelles SC SYC
Sierra Leone SL SLE|Singapore SG SGP|Slovakia SK SVK|Slovenia SI SVN|Solomon Islands SB SLB
Somalia SO SOM|South Africa ZA ZAF
South Korea KR KOR=korea republic of;republic of korea;korea south;korea rep
South Sudan SS SSD|Spain ES ESP|Sri Lanka LK LKA|Sudan SD SDN|Suriname SR SUR|Sweden SE SWE
Switzerland CH CHE|Syria SY SYR=syrian arab republic;syria arab rep|Taiwan TW TWN=taiwan china
Tajikistan TJ TJK|Tanzania TZ TZA=united republic of tanzania;tanzania united republic of
Thailand TH THA|Timor-Leste TL TLS=east timor|Togo TG TGO|Tonga TO TON|Trinidad and Tobago TT TTO
Tunisia TN TUN|Turkey TR TUR=turkiye|Turkmenistan TM TKM|Tuvalu TV TUV|Uganda UG UGA
Ukraine UA UKR|United Arab Emirates AE ARE=uae
United Kingdom GB GBR=uk;great britain|United States US USA=united states of america
Uruguay UY URY|Uzbekistan UZ UZB|Vanuatu VU VUT
Venezuela VE VEN=venezuela bolivarian republic of;bolivarian republic of venezuela;venezuela rb
Vietnam VN VNM=viet nam;socialist republic of vietnam|Yemen YE YEM=yemen rep
Zambia ZM ZMB|Zimbabwe ZW ZWE|Kosovo XK XKX|Hong Kong HK HKG=hong kong sar china
Vatican VA VAT=holy see"""


@functools.cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Return the names by spelling, and by code."""
    spelled, coded = {}, {}
    for entry in _COUNTRIES.replace("\n", "|").split("|"):
        head, _, others = entry.partition("=")
        name, two, three = head.rsplit(" ", 2)
        coded[two.casefold()] = coded[three.casefold()] = name
        for spelling in (name, *filter(None, others.split(";"))):
            spelled[plain(spelling)] = name
    return spelled, coded


def countries(grid: Grid, column: str) -> tuple[list[str], list[str]]:
    """Read a column of countries.

    Returns
    -------
    names : list of str
        One spelling a country; a name that is in no list stays as written.
    said : list of str
        Which spellings became another name, and which names are in no list.
    """
    cells = _labelled(grid, column)
    spelled, coded = _countries()
    filled = {cell for cell in cells if not is_missing(cell)}
    codes = bool(filled) and all(cell.casefold() in coded for cell in filled)
    known, changed, unknown = {}, [], []
    for cell in dict.fromkeys(cells):
        if codes and cell.casefold() in coded:  # NA is Namibia among codes, missing among names
            known[cell] = coded[cell.casefold()]
        elif is_missing(cell):
            known[cell] = NOT_GIVEN
            if cell:
                changed.append(f"{cell!r} as {NOT_GIVEN}")
            continue
        else:
            name = plain(cell).removeprefix("the_")
            known[cell] = spelled.get(name) or spelled.get(plain(cell)) or cell
            if known[cell] is cell and name not in spelled:
                unknown.append(cell)
        if known[cell] != cell:
            changed.append(f"{cell!r} as {known[cell]}")
    said = [f"Countries: {_few(changed)}."] if changed else []
    if unknown:
        said.append(f"In no list of countries, kept as written: {_few([*map(repr, unknown)])}.")
    return [known[cell] for cell in cells], said


@functools.cache
def _regions() -> dict[str, str]:
    spelled = {plain(region): region for region in REGIONS}
    for region, names in _REGION_NAMES.items():
        spelled.update({plain(name): region for name in names.split("|")})
    # "Middle East & North Africa": the sign falls away, the word "and" does not.
    spelled.update({name.replace("_and_", "_"): region for name, region in [*spelled.items()]})
    return spelled


def regions(
    grid: Grid, column: str, given: Mapping[str, str] | None = None
) -> tuple[list[str], list[str]]:
    """Read a column of regions into Africa, Asia, Middle East and Other.

    Parameters
    ----------
    grid : Grid
    column : str
        Its name in the grid.
    given : mapping, optional
        Where a spelling belongs, said by the reader.

    Returns
    -------
    names : list of str
        One of the four, or "not given".
    said : list of str
        Which spellings went where.

    Raises
    ------
    Unreadable
        If a region is none of them, or may be two.
    """
    cells = _labelled(grid, column)
    told = {plain(spelling): region for spelling, region in (given or {}).items() if region}
    either = {plain(name): regions for name, regions in _EITHER.items()}
    went: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    for place, cell in enumerate(cells):
        if cell in known:
            continue
        name = plain(cell)
        name = name.removeprefix("the_")
        if is_missing(cell):
            known[cell] = NOT_GIVEN
        elif name in told or plain(cell) in told:
            known[cell] = told.get(name) or told[plain(cell)]
        elif name in _regions():
            known[cell] = _regions()[name]
        else:
            ways = either.get(name)
            what = f"may be {ways}" if ways else f"is none of {', '.join(REGIONS)}"
            raise Unreadable(
                f"{where(grid, place, column)}: the region {cell[:40]!r} {what}; write one of the "
                "four, or choose it in the mapping."
            )
        if known[cell] != cell:
            went.setdefault(known[cell], []).append(repr(cell) if cell else "an empty cell")
    said = []
    if went:
        parts = [f"{', '.join(texts)} as {name}" for name, texts in went.items()]
        said.append(f"Regions: {'; '.join(parts)}.")
    return [known[cell] for cell in cells], said


def _labelled(grid: Grid, column: str) -> list[str]:
    """Return the cells with their labels in place of codes."""
    labels = grid.labels.get(column, {})
    cells = grid.column(column)
    if not labels:
        return cells
    for place, cell in enumerate(cells):
        if cell and cell not in labels and not is_missing(cell):
            raise Unreadable(
                f"{where(grid, place, column)}: the code {cell[:40]!r} has no label, while others "
                "have; label it, or write the column as text."
            )
    return [labels.get(cell, cell) for cell in cells]


def _few(texts: Sequence[str], most: int = 8) -> str:
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
