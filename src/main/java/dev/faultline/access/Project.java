package dev.faultline.access;

/** A wall between data: everything but users belongs to exactly one project. */
public record Project(long id, String name) {}
