"""The fictional city 澜宁市: roster, press sites, reports, indicators. Everything here is invented."""
