package dev.faultline.adoption;

/** Lower end of Wilson's score interval for a share, at 95 %. */
final class WilsonBound {
    private static final double Z = 1.959963984540054;

    private WilsonBound() {}

    static double low(long events, long all) {
        if (all == 0) {
            return 0;
        }
        double share = (double) events / all;
        double square = Z * Z;
        double centre = share + square / (2 * all);
        double spread = Z * Math.sqrt(share * (1 - share) / all + square / (4.0 * all * all));
        return Math.max(0, (centre - spread) / (1 + square / all));
    }
}
