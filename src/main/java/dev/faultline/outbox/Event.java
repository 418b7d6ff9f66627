package dev.faultline.outbox;

/**
 * Something that happened, for the outbox.
 *
 * @param source where, as a path of this service
 * @param type such as {@code dev.faultline.gate.verdict}
 * @param subject what it happened to
 * @param data what receivers are told; Jackson writes it
 */
public record Event(String source, String type, String subject, Object data) {}
