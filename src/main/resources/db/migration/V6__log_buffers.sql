-- Rings of text in the memory of a project's firmware that somebody named: where else the log of a crash is.

create table log_buffer (
    project_id bigint not null references project,
    place int not null check (place >= 0),
    -- variables, as the linker has them; head: where the next byte goes, size: how many bytes there are, where not the array's
    symbol text not null,
    head text,
    size text,
    primary key (project_id, place),
    unique (project_id, symbol)
);
