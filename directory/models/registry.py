"""All models in one namespace, so that the metadata is complete for whoever imports it."""

from directory.db import Base
from directory.models.access import (
    AccessState,
    Account,
    ApiKey,
    Device,
    Guard,
    Identity,
    KnownAddress,
    LoginSession,
)
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.fragility import (
    Action,
    ActionProvince,
    ActionStep,
    LinkGradeChange,
    Message,
    NetworkFigures,
    NetworkRun,
)
from directory.models.link import Link
from directory.models.listed import ListedLink, ListedStatement
from directory.models.organisation import NotSame, Organisation, Succession
from directory.models.outcome import ChannelDoubt, ContactCount
from directory.models.oversight import (
    Alert,
    AuditEntry,
    AuditHead,
    Concern,
    Disclosure,
    Quota,
    QuotaLimit,
    SubjectKey,
    Suspension,
)
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.record import Record
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site, SiteSecret
from directory.models.training import Training
from directory.models.upkeep import Change, RegistryState, Replay, Verification
from directory.models.webhook import Webhook

__all__ = [
    "AccessState",
    "Account",
    "Action",
    "ActionProvince",
    "ActionStep",
    "Alert",
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Capacity",
    "Change",
    "Channel",
    "ChannelDoubt",
    "Concern",
    "ContactCount",
    "Department",
    "Device",
    "Disclosure",
    "FocalPoint",
    "Guard",
    "Identity",
    "KnownAddress",
    "Link",
    "LinkGradeChange",
    "ListedLink",
    "ListedStatement",
    "LoginSession",
    "Message",
    "NetworkFigures",
    "NetworkRun",
    "NotSame",
    "Organisation",
    "Person",
    "Post",
    "Quota",
    "QuotaLimit",
    "Record",
    "RegistryState",
    "Replay",
    "Service",
    "ServiceSite",
    "Site",
    "SiteSecret",
    "SubjectKey",
    "Succession",
    "Suspension",
    "Training",
    "Verification",
    "Webhook",
]
