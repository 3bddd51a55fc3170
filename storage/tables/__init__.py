"""All tables of the record. The floors above own the behaviour; the schema lives with its migrations."""

from storage.tables.account import AuditEntry, Brief, LoginSession, Recusal, User, UserZone
from storage.tables.appraisal import CityPoint, DataPoint, Indicator, IndicatorImport
from storage.tables.base import Base, now
from storage.tables.collection import Capture, Document, Failure, Quarantine, Run, Source
from storage.tables.evidence import Decision, Evidence, EvidenceCadre, FieldRecord, IndexTask, RecordLink
from storage.tables.indicator_book import (
    AssessmentPin,
    BookSimulation,
    IndicatorBook,
    IndicatorTarget,
    Survey,
    SurveyCount,
)
from storage.tables.roster import Cadre, Category, City, LookAlike, Post, Team, TeamAlias, Tenure, Zone
from storage.tables.understanding import Attribution, Event, Passage

__all__ = [
    "AssessmentPin",
    "Attribution",
    "AuditEntry",
    "Base",
    "BookSimulation",
    "Brief",
    "Cadre",
    "Capture",
    "Category",
    "City",
    "CityPoint",
    "DataPoint",
    "Decision",
    "Document",
    "Event",
    "Evidence",
    "EvidenceCadre",
    "Failure",
    "FieldRecord",
    "IndexTask",
    "Indicator",
    "IndicatorBook",
    "IndicatorImport",
    "IndicatorTarget",
    "LoginSession",
    "LookAlike",
    "Passage",
    "Post",
    "Quarantine",
    "RecordLink",
    "Recusal",
    "Run",
    "Source",
    "Survey",
    "SurveyCount",
    "Team",
    "TeamAlias",
    "Tenure",
    "User",
    "UserZone",
    "Zone",
    "now",
]
