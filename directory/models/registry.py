"""All models in one namespace, so that the metadata is complete for whoever imports it."""

from directory.db import Base
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.record import Record
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site, SiteSecret
from directory.models.training import Training
from directory.models.upkeep import Change, RegistryState, Replay, Verification

__all__ = [
    "Base",
    "Capacity",
    "Change",
    "Channel",
    "Department",
    "FocalPoint",
    "Link",
    "Organisation",
    "Person",
    "Post",
    "Record",
    "RegistryState",
    "Replay",
    "Service",
    "ServiceSite",
    "Site",
    "SiteSecret",
    "Training",
    "Verification",
]
