-- Several coredumps in one upload: each is a crash of its own, over the same bytes.

alter table crash
    -- which of the upload's coredumps it is, from 1 on
    add column ordinal int not null default 1 check (ordinal >= 1),
    -- how many the upload has; 1 until it was read
    add column coredumps int not null default 1 check (coredumps >= 1);

alter table crash drop constraint crash_project_id_sender_sha256_key;
alter table crash add constraint crash_once unique (project_id, sender, sha256, ordinal);

-- firmware of ESP-IDF names its build by the beginning of the SHA-256 of the ELF file
create index symbol_file_by_hash on symbol_file (project_id, sha256 text_pattern_ops);
