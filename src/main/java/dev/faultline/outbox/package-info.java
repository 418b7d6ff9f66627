/**
 * What other systems are told. In: events, written to an outbox in the transaction in which they happen. Out: signed posts to the
 * addresses that a project named, tried until they arrive or a day is over. Knows no feature.
 */
@NullMarked
package dev.faultline.outbox;

import org.jspecify.annotations.NullMarked;
