package dev.faultline.scale;

import java.util.List;

/**
 * How much is generated.
 *
 * @param crashes the first {@code variants} of them are one of each variant
 * @param days over which the crashes are spread, the last one yesterday
 */
record Scale(long crashes, long clusters, long variants, long devices, int releases, int days) {
    private static final Scale FULL = new Scale(10_000_000, 50_000, 1_000_000, 100_000, 40, 548);

    Scale {
        if (clusters < 1 || variants < clusters || crashes < variants || devices < 100) {
            throw new IllegalArgumentException(
                    "wanted crashes >= variants >= clusters >= 1 and devices >= 100, found %d, %d, %d, %d"
                            .formatted(crashes, variants, clusters, devices));
        }
    }

    /** From {@code --crashes=10000} and the like; what is not named is a part of the full size, by the crashes. */
    static Scale parse(List<String> arguments) {
        long crashes = number(arguments, "crashes", FULL.crashes);
        double part = (double) crashes / FULL.crashes;
        return new Scale(
                crashes,
                number(arguments, "clusters", scaled(FULL.clusters, part)),
                number(arguments, "variants", scaled(FULL.variants, part)),
                number(arguments, "devices", Math.max(100, scaled(FULL.devices, part))),
                FULL.releases,
                FULL.days);
    }

    private static long scaled(long full, double part) {
        return Math.max(1, Math.round(full * part));
    }

    private static long number(List<String> arguments, String name, long otherwise) {
        String option = "--" + name + "=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(option))
                .mapToLong(argument -> Long.parseLong(argument.substring(option.length())))
                .findFirst()
                .orElse(otherwise);
    }
}
