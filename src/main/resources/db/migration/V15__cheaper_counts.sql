-- What the counting of crashes and the lists of clusters cost at the size of a fleet.

-- the keys of the list's orders, without the decimals that extract() computes with
drop index cluster_total_impact;
drop index cluster_total_first;
drop index cluster_total_last;
create index cluster_total_impact on cluster_total (project_id, (ln(greatest(devices, 1)::float8) / ln(2::float8)
    + ln(severity) / ln(2::float8) + date_part('epoch', last_at at time zone 'UTC') / 1209600), cluster_id);
create index cluster_total_first on cluster_total
    (project_id, (date_part('epoch', first_at at time zone 'UTC')), cluster_id);
create index cluster_total_last on cluster_total
    (project_id, (date_part('epoch', last_at at time zone 'UTC')), cluster_id);

-- whether one cluster has a function, where so many have it that a list finds a page of them in any order
create index cluster_function_by_cluster on cluster_function (cluster_id, function_id);
