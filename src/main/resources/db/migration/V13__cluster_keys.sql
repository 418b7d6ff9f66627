-- Incomplete stacks join where all complete ones with the same innermost functions are.

alter table variant
    -- key of the two innermost functions of the image, without what was inlined; null where there are no two
    add column k2 text,
    -- more of the stack, or its lines, would say more about where it crashed
    add column incomplete boolean not null default false,
    -- what the variants of a cluster share: k3, or that of the complete ones that an incomplete one belongs to
    add column cluster_key text,
    -- had no crash any more when a regroup job ended: it does not count among the complete ones until one comes back
    add column resting boolean not null default false;

update variant set cluster_key = k3;
alter table variant alter column cluster_key set not null;

drop index variant_by_k3;
create index variant_by_cluster_key on variant (project_id, cluster_key);
create index variant_complete_by_k1 on variant (project_id, k1, k3) where not incomplete and not resting;
create index variant_complete_by_k2 on variant (project_id, k2, k3) where not incomplete and not resting and k2 is not null;
create index variant_incomplete_by_k1 on variant (project_id, k1) where incomplete;
create index variant_incomplete_by_k2 on variant (project_id, k2) where incomplete and k2 is not null;

-- what a merge taught is about cluster keys, which were k3 so far
alter table cluster_link rename column k3 to cluster_key;
alter index cluster_link_by_k3 rename to cluster_link_by_key;

alter table variant rename column origin_k3 to origin_key;
