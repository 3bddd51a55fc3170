"""Which engine serves, by the settings (design.md §4)."""

from __future__ import annotations

from dossier.search.port import SearchIndex
from dossier.search.tantivy_index import TantivyIndex
from storage.settings import Settings


def open_index(settings: Settings) -> SearchIndex:
    """Elasticsearch when SHIJI_ELASTICSEARCH names a server, else tantivy in the data folder. Nothing is created."""
    if settings.elasticsearch:
        from dossier.search.elastic_index import ElasticIndex, connect

        return ElasticIndex(connect(settings), settings.elasticsearch_index)
    return TantivyIndex(settings.data / "index")
