package dev.faultline.view;

import java.time.Instant;

/**
 * A search over the clusters of a project.
 *
 * @param name one of its kind in the project
 * @param query in the search language; empty: all clusters
 * @param sort an order of the cluster list
 */
public record SavedView(long id, String name, String query, String sort, Instant createdAt, String createdBy) {}
