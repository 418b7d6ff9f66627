/**
 * What becomes of clusters. In: what people say (state, assignee, ticket, comments), and the releases that clusters crash in.
 * Out: states that change when crashes contradict them, and the activity of each cluster.
 */
@NullMarked
package dev.faultline.triage;

import org.jspecify.annotations.NullMarked;
