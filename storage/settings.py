"""Settings, read once from the environment (``SHIJI_*``). docs/settings.md lists every one; a test checks that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.errors import ShijiError

CHINA = ZoneInfo("Asia/Shanghai")


def _setting(variable: str, default: str, meaning: str) -> str:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """All settings as text; typed views are the properties below. Empty text means "not set"."""

    data_text: str = _setting("SHIJI_DATA", "var", "folder of the database, originals, index and inbox")
    database_text: str = _setting("SHIJI_DATABASE", "", "SQLAlchemy URL; default: SQLite in the data folder")
    elasticsearch: str = _setting("SHIJI_ELASTICSEARCH", "", "URL of Elasticsearch; empty: embedded tantivy")
    elasticsearch_index: str = _setting("SHIJI_ELASTICSEARCH_INDEX", "shiji", "name of the Elasticsearch index")
    elasticsearch_user: str = _setting("SHIJI_ELASTICSEARCH_USER", "", "user name for Elasticsearch")
    elasticsearch_password: str = _setting("SHIJI_ELASTICSEARCH_PASSWORD", "", "password for Elasticsearch")
    elasticsearch_ca: str = _setting("SHIJI_ELASTICSEARCH_CA", "", "CA certificate file for Elasticsearch")
    inbox_text: str = _setting("SHIJI_INBOX", "", "watched folder for submitted reports; default: DATA/inbox")
    allow_private: str = _setting(
        "SHIJI_ALLOW_PRIVATE", "", "comma-separated host:port of intranet sources the collector may reach"
    )
    proxy: str = _setting(
        "SHIJI_PROXY", "", "http://host:port of the proxy the collector goes through; targets are still judged first"
    )
    drops_text: str = _setting(
        "SHIJI_DROPS", "", "folder with one sub-folder for each source of files; default: DATA/drops"
    )
    matter_key_text: str = _setting(
        "SHIJI_MATTER_KEY", "", "key file of the restricted compartment; default: DATA/keys/matters.key"
    )
    contact: str = _setting("SHIJI_CONTACT", "", "contact address sent in the collector's User-Agent")
    host: str = _setting("SHIJI_HOST", "127.0.0.1", "address the web server listens on")
    port_text: str = _setting("SHIJI_PORT", "8000", "port the web server listens on")
    secure_cookie: str = _setting("SHIJI_SECURE_COOKIE", "0", "1: cookies only over HTTPS")
    session_minutes_text: str = _setting("SHIJI_SESSION_MINUTES", "15", "idle minutes before sign-in expires")
    today_text: str = _setting("SHIJI_TODAY", "", "fixed date YYYY-MM-DD for demonstrations; empty: real date")
    demo_text: str = _setting("SHIJI_DEMO", "0", "1: demo city; prints its accounts, shows a banner")
    hearing_days_text: str = _setting(
        "SHIJI_HEARING_DAYS", "5", "working days for 说明/申辩 after a 告知, and of its one extension"
    )
    upload_mb_text: str = _setting("SHIJI_UPLOAD_MB", "50", "largest upload in MiB")
    encoder_text: str = _setting(
        "SHIJI_TOPIC_ENCODER", "1", "0: topics by the linear model alone, many times faster and less often right"
    )
    learn_at: str = _setting(
        "SHIJI_LEARN_AT", "02:30", "time of night (China) at which the scheduler learns from decisions; empty: never"
    )
    sentence_model: str = _setting(
        "SHIJI_SENTENCE_MODEL",
        "",
        "a sentence-transformers model, folder or name (extra semantic); empty: the shipped one",
    )

    @property
    def data(self) -> Path:
        return Path(self.data_text)

    @property
    def database(self) -> str:
        return self.database_text or f"sqlite:///{(self.data / 'shiji.sqlite').as_posix()}"

    @property
    def inbox(self) -> Path:
        return Path(self.inbox_text) if self.inbox_text else self.data / "inbox"

    @property
    def matter_key(self) -> Path:
        return Path(self.matter_key_text) if self.matter_key_text else self.data / "keys" / "matters.key"

    @property
    def kept_folders(self) -> dict[str, Path]:
        """Folders that a backup takes along, by name: answers as received, and what people put in or was dealt with."""
        return {"warc": self.data / "warc", "drops": self.drops, "inbox": self.inbox}

    @property
    def drops(self) -> Path:
        return Path(self.drops_text) if self.drops_text else self.data / "drops"

    @property
    def private_hosts(self) -> frozenset[str]:
        return frozenset(h.strip().lower() for h in self.allow_private.split(",") if h.strip())

    @property
    def port(self) -> int:
        return _whole_number("SHIJI_PORT", self.port_text)

    @property
    def session_minutes(self) -> int:
        return _whole_number("SHIJI_SESSION_MINUTES", self.session_minutes_text)

    @property
    def hearing_days(self) -> int:
        return _whole_number("SHIJI_HEARING_DAYS", self.hearing_days_text)

    @property
    def upload_bytes(self) -> int:
        return _whole_number("SHIJI_UPLOAD_MB", self.upload_mb_text) * 1024 * 1024

    @property
    def topic_encoder(self) -> bool:
        return self.encoder_text != "0"

    @property
    def demo(self) -> bool:
        return self.demo_text == "1"

    def today(self) -> date:
        """Date officers see as today (China time), or the fixed demonstration date."""
        if self.today_text:
            try:
                return date.fromisoformat(self.today_text)
            except ValueError as bad:
                raise ShijiError(
                    "SETTING-DATE",
                    f"SHIJI_TODAY is not a date: {self.today_text}",
                    "environment",
                    "use YYYY-MM-DD",
                ) from bad
        return datetime.now(CHINA).date()


def _whole_number(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as bad:
        raise ShijiError(
            "SETTING-NUMBER",
            f"{variable} is not a whole number: {text}",
            "environment",
            "give a whole number",
        ) from bad


def load_settings(environment: dict[str, str] | None = None) -> Settings:
    """Settings from the environment (or from the given mapping)."""
    source = os.environ if environment is None else environment
    values = {}
    for item in fields(Settings):
        variable = item.metadata["variable"]
        if source.get(variable):
            values[item.name] = source[variable]
    return Settings(**values)
