-- What a gate counts of releases with very many crashes.

create index crash_needs_symbols on crash (release_id) where state = 'needs-symbols';
