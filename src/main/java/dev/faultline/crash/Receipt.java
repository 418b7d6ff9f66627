package dev.faultline.crash;

import java.util.UUID;

/** The crash that an upload became, or that it was already. */
public record Receipt(UUID crash, boolean added) {}
