"""A captured page in a real browser: it is seen in its frame, and nothing of it runs, loads or leads away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from web_world import World

from api.pages import captured
from storage.tables import Capture, Document

HOSTILE = """<html><head><meta http-equiv="refresh" content="0;url=/queue">
<script>parent.document.title='taken'</script>
</head><body><p>采集到的正文</p><svg onload="top.location='/queue'"></svg><img src="/icon.svg" onerror="alert(1)">
<form action="/queue" id="f"><button>提交</button></form><script>document.getElementById('f').submit()</script>
<a href="/queue" target="_top">离开</a></body></html>"""


@pytest.mark.parametrize("cleaned", [True, False])
def test_a_hostile_page_stays_in_its_frame(
    world: World, address: str, sign_in: Callable[[str], Any], cleaned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time what cleans the page is taken away: headers and frame alone must hold."""
    document_id = world.documents["practice"]
    with world.system.database.write() as session:
        capture = session.get_one(Capture, session.get_one(Document, document_id).capture_id)
        capture.sha256 = world.system.archive.put(HOSTILE.encode())
    if not cleaned:
        harmless = HOSTILE.replace('src="/icon.svg" ', "")  # a blocked picture is a message the fixture rejects
        monkeypatch.setattr(captured, "inert_page", lambda text: harmless)
    page = sign_in("off1")
    page.goto(f"{address}/documents/{document_id}")
    page.click("text=采集时原貌")
    frame = page.frame_locator("iframe.captured")
    frame.locator("text=采集到的正文").wait_for()
    page.wait_for_timeout(700)
    assert page.url.endswith(f"/documents/{document_id}/captured")
    assert page.title().startswith("采集时原貌")
    assert [f.url.partition("?")[0] for f in page.frames[1:]] == [f"{address}/documents/{document_id}/captured/page"]
    if cleaned:
        frame.locator("text=离开").click()
        page.wait_for_timeout(300)
        assert page.url.endswith(f"/documents/{document_id}/captured")
