"""Where the firm works and whom it works for. Invented names only."""

from typing import NamedTuple


class Place(NamedTuple):
    """A legal entity with its region, currency, price level and the offset of its working day from UTC."""

    legal_entity: str
    region: str
    currency: str
    hourly_rate: int
    utc_offset_h: int
    weight: int


PLACES = (
    Place("DE01", "EMEA", "EUR", 140, 1, 4),
    Place("UK01", "EMEA", "GBP", 125, 0, 3),
    Place("US01", "AMER", "USD", 165, -5, 4),
    Place("AU01", "APAC", "AUD", 190, 10, 2),
)

CLIENT_HEADS = (
    "Alder", "Aurora", "Basalt", "Beacon", "Birch", "Cobalt", "Copper", "Delta", "Ember", "Falcon", "Fjord",
    "Garnet", "Granite", "Harbor", "Hazel", "Indigo", "Juniper", "Kestrel", "Lantern", "Larch", "Lumen",
    "Marble", "Meridian", "Nimbus", "Northwind", "Onyx", "Orchard", "Pinnacle", "Quarry", "Raven", "Rowan",
    "Saffron", "Sierra", "Slate", "Sparrow", "Summit", "Tandem", "Thistle", "Umber", "Verdant", "Willow",
    "Zephyr",
)  # fmt: skip
CLIENT_TAILS = {
    "EMEA": ("Energie GmbH", "Logistik AG", "Foods plc", "Rail Ltd", "Pharma SE", "Versicherung AG"),
    "AMER": ("Health Inc.", "Software Corp.", "Airlines Inc.", "Retail LLC", "Bank N.A.", "Motors Corp."),
    "APAC": ("Mining Pty Ltd", "Telecom Ltd", "Ports Pty Ltd", "Water Ltd"),
}
TITLES = (
    "ERP rollout", "Data platform", "Service desk transition", "Cloud migration", "Payroll redesign",
    "Claims automation", "Warehouse integration", "Pricing model", "Identity programme", "Quality assurance",
    "Reporting factory", "Field service app",
)  # fmt: skip
WORKERS = (
    "W-101", "W-104", "W-107", "W-112", "W-118", "W-121", "W-125", "W-130", "W-133", "W-139", "W-142", "W-148",
    "W-150", "W-156", "W-161", "W-164", "W-170", "W-177", "W-182", "W-188",
)  # fmt: skip
OWNERS = {
    "EMEA": ("pmo-emea@firm.example", "delivery-emea@firm.example"),
    "AMER": ("pmo-amer@firm.example",),
    "APAC": ("pmo-apac@firm.example",),
}
