"""Opens the compartment's key for this record; a key is made only where nothing has been sealed yet."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.errors import ShijiError
from storage.tables import ImportantMatter, SupervisoryAct, TalkRequest
from storage.vault import Vault, open_vault


def vault_for(session: Session, file: Path) -> Vault:
    """The vault whose key sealed what is there. Raises MATTER-KEY when the key is missing or another one."""
    used = {
        key
        for table in (ImportantMatter, TalkRequest, SupervisoryAct)
        for key in session.scalars(select(table.key_id).distinct())
    }
    vault = open_vault(file, may_make=not used)
    if used - {vault.key_id}:
        raise ShijiError(
            "MATTER-KEY", "受控库密钥与数据不符", file.name, "请系统管理员从单独保管处恢复原密钥文件，切勿新建密钥。"
        )
    return vault
