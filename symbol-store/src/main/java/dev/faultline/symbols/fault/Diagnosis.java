package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.ReasonFamily;

/** Why it crashed: the family that tells causes apart, and the cause in words. */
public record Diagnosis(ReasonFamily family, FaultReport fault) {}
