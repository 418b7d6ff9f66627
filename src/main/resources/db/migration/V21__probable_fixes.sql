-- Clusters that newer releases would have shown if they still had them, and did not.

alter table cluster
    -- the first version without it; null: there is none, or too little is known
    add column fixed_since text,
    -- that it is fixed, 0 to 1
    add column fixed_confidence float8,
    add constraint cluster_fixed_known check ((fixed_since is null) = (fixed_confidence is null));

create index cluster_fixed on cluster (project_id, software) where fixed_since is not null;
