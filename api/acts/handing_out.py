"""A table handed out as a CSV file, recorded with its hash (R-42)."""

from __future__ import annotations

import hashlib

from fastapi.responses import Response

from api.access import audit
from api.system import System
from dossier.scope import Viewer


def csv_download(system: System, viewer: Viewer, kind: str, name: str, data: bytes) -> Response:
    """The bytes as a download named KIND-NAME.csv."""
    with system.database.write() as session:
        audit.record(session, viewer, "export", kind, name, detail={"sha256": hashlib.sha256(data).hexdigest()})
    headers = {"Content-Disposition": f'attachment; filename="{kind}-{name}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)
