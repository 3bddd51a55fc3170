"""Ground floor: settings, database, migrations and the archive of originals. Knows nothing above it."""
