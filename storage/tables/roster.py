"""Roster: categories, zones, teams, aliases, look-alikes, cadres, posts, tenures (domain.md §0.3, §3.8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base


class City(Base):
    """The city whose teams these are; its own 市委市政府 is no team (T4)."""

    __tablename__ = "city"
    name: Mapped[str] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(default="")
    capital: Mapped[str] = mapped_column(default="")


class Category(Base):
    """类别: teams are only ever compared within one."""

    __tablename__ = "category"
    id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(default=0)


class Zone(Base):
    """联系片: group of teams a section keeps contact with."""

    __tablename__ = "zone"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    section: Mapped[str] = mapped_column(default="")


class Team(Base):
    """领导班子."""

    __tablename__ = "team"
    id: Mapped[str] = mapped_column(primary_key=True)
    full: Mapped[str] = mapped_column(unique=True)
    short: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    category_id: Mapped[str] = mapped_column(ForeignKey("category.id"), index=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("zone.id"), index=True)
    managed: Mapped[bool] = mapped_column(default=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    aliases: Mapped[list[TeamAlias]] = relationship(cascade="all, delete-orphan", order_by="TeamAlias.id")
    zone: Mapped[Zone] = relationship()


class TeamAlias(Base):
    """Another name of a team; an ambiguous one needs context (T2, T3)."""

    __tablename__ = "team_alias"
    __table_args__ = (UniqueConstraint("team_id", "alias"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    alias: Mapped[str]
    ambiguous: Mapped[bool] = mapped_column(default=False)


class LookAlike(Base):
    """A name that contains a team's name and is not the team (T1)."""

    __tablename__ = "look_alike"
    text: Mapped[str] = mapped_column(primary_key=True)


class Cadre(Base):
    """市管干部, in the public role only."""

    __tablename__ = "cadre"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    sex: Mapped[str] = mapped_column(default="")
    born: Mapped[str] = mapped_column(default="")  # 1978-04, month precision as on a 花名册
    tenures: Mapped[list[Tenure]] = relationship(order_by="Tenure.start", viewonly=True)


class Post(Base):
    """职务 in a team."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("team_id", "title"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    title: Mapped[str]
    team: Mapped[Team] = relationship()


class Tenure(Base):
    """任职区间 [start, end); end empty: still in post."""

    __tablename__ = "tenure"
    __table_args__ = (UniqueConstraint("cadre_id", "post_id", "start"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    start: Mapped[date | None]
    end: Mapped[date | None]
    post: Mapped[Post] = relationship()
    cadre: Mapped[Cadre] = relationship(viewonly=True)
