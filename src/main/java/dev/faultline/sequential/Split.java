package dev.faultline.sequential;

/**
 * What was counted of a baseline and of what is compared with it, in one stratum over one stretch of time.
 *
 * @param baseline events
 * @param baselineExposure in any unit, the same in all splits; 0 or more
 * @param count events
 * @param exposure in that unit
 */
public record Split(long baseline, double baselineExposure, long count, double exposure) {

    public Split {
        if (baseline < 0
                || count < 0
                || !(baselineExposure >= 0 && baselineExposure < Double.POSITIVE_INFINITY)
                || !(exposure >= 0 && exposure < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "counts %d and %d, exposures %g and %g".formatted(baseline, count, baselineExposure, exposure));
        }
    }

    /** Both were there; else the split between them says nothing of their rates. */
    boolean compares() {
        return baselineExposure > 0 && exposure > 0;
    }
}
