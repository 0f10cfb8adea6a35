"""The closed lists shared by every room (DESIGN: the words)."""

from enum import StrEnum


class BillingModel(StrEnum):
    """How a contract turns work into invoices."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_FEE = "fixed_fee"
    MILESTONE = "milestone"
    RETAINER = "retainer"


class Qualifier(StrEnum):
    """What an object is to the subject of its event. Any other word is kept and means what the journey says."""

    SUBJECT = "subject"
    SAME_AS = "same_as"
    PART_OF = "part_of"
    ORIGIN = "origin"
    REFERENCE = "reference"


class RelationKind(StrEnum):
    """What a relation does to lifecycles: the first two glue, the third is shown, the last only informs."""

    SAME_AS = "same_as"
    PART_OF = "part_of"
    ORIGINATES_FROM = "originates_from"
    REFERENCE = "reference"


class ErrorCategory(StrEnum):
    """What kind of failure an integration met."""

    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    AUTH = "auth"
    VALIDATION = "validation"
    MAPPING = "mapping"
    DUPLICATE = "duplicate"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


class ClockState(StrEnum):
    """Where a running promise stands: `breached` is late and still open, `missed` was late when it was kept."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    MET = "met"
    MISSED = "missed"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class DeadLetterReason(StrEnum):
    """Why a record could not be used."""

    UNREADABLE = "unreadable"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_TYPE = "unknown_type"
    INVALID_TIME = "invalid_time"
    DANGLING_REFERENCE = "dangling_reference"
