package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.faultline.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * What a gate holds a release to; members that are left out are those of the default policy.
 *
 * @param baseline a version, or {@code previous-stable}: the nearest registered ancestor
 * @param minDevices on the candidate
 * @param minSoakHours since the first device ran it
 * @param minExpectedCrashes that the candidate would have had at the baseline's rate
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatePolicy(
        String baseline,
        int minDevices,
        double minSoakHours,
        double minExpectedCrashes,
        CrashRate crashRate,
        BurnRate burnRate,
        AffectedDevices affectedDevicesMax,
        NewClusters newClusters,
        int regressedClusters,
        int crashLoopDevicesMax,
        double silentAfterUpdateRatioMax) {
    /** Longest policy, in characters. */
    public static final int LONGEST = 20_000;

    private static final String DEFAULT = "/gate-policies/default.yaml";
    private static final ObjectMapper YAML = yaml();

    /**
     * Ratios to the baseline's crash rate, within hardware revisions.
     *
     * @param pauseRatio a rollout pauses at this estimate, if the evidence is there that it is more than one
     * @param noGoLowerBound no release whose ratio is more than this at 95 % however often one looks
     * @param goUpperBound no go before the ratio is less than this at 95 %
     * @param eValue evidence that is enough for a pause: 10 is one false alarm in ten harmless rollouts at most, by theorem
     */
    public record CrashRate(double pauseRatio, double noGoLowerBound, double goUpperBound, double eValue) {}

    /**
     * How fast the error budget burns.
     *
     * @param sloCrashFreeHours share of device-hours without a crash that is promised
     * @param pauseAt times as fast as the promise allows, in each window
     * @param windows hours, the shorter first
     */
    public record BurnRate(double sloCrashFreeHours, double pauseAt, List<Double> windows) {
        public BurnRate {
            windows = List.copyOf(windows);
        }
    }

    /** Largest share of devices with a crash, 0 to 1. */
    public record AffectedDevices(double overall, double perHardwareRevision) {}

    /**
     * Clusters that the baseline would have shown and did not.
     *
     * @param minDevices a cluster of fewer does not count
     * @param ignore states that do not count
     */
    public record NewClusters(int maxProven, int minDevices, Set<String> ignore) {
        public NewClusters {
            ignore = Set.copyOf(ignore);
        }
    }

    public GatePolicy {
        require(!baseline.isBlank() && baseline.length() <= 200, "baseline is a version or previous-stable");
        require(minDevices >= 1, "minDevices is 1 or more");
        require(minSoakHours >= 0, "minSoakHours is 0 or more");
        require(minExpectedCrashes >= 0, "minExpectedCrashes is 0 or more");
        require(
                crashRate.pauseRatio >= 1 && crashRate.noGoLowerBound >= 1 && crashRate.goUpperBound > 1,
                "crashRate: pauseRatio and noGoLowerBound are 1 or more, goUpperBound is more than 1");
        require(crashRate.eValue > 1, "crashRate: eValue is more than 1");
        require(
                burnRate.sloCrashFreeHours > 0 && burnRate.sloCrashFreeHours < 1 && burnRate.pauseAt > 0,
                "burnRate: sloCrashFreeHours is between 0 and 1, pauseAt more than 0");
        require(
                burnRate.windows.size() == 2
                        && burnRate.windows.get(0) > 0
                        && burnRate.windows.get(0) < burnRate.windows.get(1)
                        && burnRate.windows.get(1) <= 24 * 14,
                "burnRate: windows are two times in hours, the shorter first, 336 at most");
        require(
                share(affectedDevicesMax.overall) && share(affectedDevicesMax.perHardwareRevision),
                "affectedDevicesMax: shares are between 0 and 1");
        require(
                newClusters.maxProven >= 0 && newClusters.minDevices >= 1,
                "newClusters: maxProven is 0 or more, minDevices 1 or more");
        require(regressedClusters >= 0, "regressedClusters is 0 or more");
        require(crashLoopDevicesMax >= 0, "crashLoopDevicesMax is 0 or more");
        require(silentAfterUpdateRatioMax >= 1, "silentAfterUpdateRatioMax is 1 or more");
    }

    private static boolean share(double value) {
        return value >= 0 && value <= 1;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    /** The policy that holds where a project has none. */
    public static GatePolicy standard() {
        try (InputStream text = GatePolicy.class.getResourceAsStream(DEFAULT)) {
            if (text == null) {
                throw new IllegalStateException(DEFAULT + " is not in the distribution");
            }
            return YAML.readValue(text, GatePolicy.class);
        } catch (IOException e) {
            throw new UncheckedIOException(DEFAULT, e);
        }
    }

    /** From YAML, with the default policy where it says nothing; a 400 problem says what is wrong with it. */
    public static GatePolicy parse(@Nullable String yaml) {
        if (yaml == null || yaml.isBlank()) {
            return standard();
        }
        if (yaml.length() > LONGEST) {
            throw Problem.badRequest(
                    "bad-policy", "a policy has at most %d characters, this one has %d", LONGEST, yaml.length());
        }
        try {
            ObjectNode whole = YAML.valueToTree(standard());
            if (!(YAML.readTree(yaml) instanceof ObjectNode wanted)) {
                throw Problem.badRequest("bad-policy", "a policy is members with values, such as minDevices: 50");
            }
            merge(whole, wanted);
            return YAML.treeToValue(whole, GatePolicy.class);
        } catch (JsonProcessingException e) {
            String what = e.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null
                    ? cause.getMessage()
                    : e.getOriginalMessage();
            throw Problem.badRequest("bad-policy", "%s", what);
        }
    }

    private static void merge(ObjectNode whole, ObjectNode wanted) {
        for (var member : wanted.properties()) {
            if (whole.get(member.getKey()) instanceof ObjectNode part && member.getValue() instanceof ObjectNode more) {
                merge(part, more);
            } else {
                whole.set(member.getKey(), member.getValue());
            }
        }
    }

    /** As it is kept with every run. */
    public String yamlText() {
        try {
            return YAML.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a policy is made of numbers", e);
        }
    }

    private static ObjectMapper yaml() {
        var limits = new LoaderOptions();
        limits.setMaxAliasesForCollections(0);
        limits.setNestingDepthLimit(8);
        limits.setCodePointLimit(LONGEST);
        return new ObjectMapper(YAMLFactory.builder().loaderOptions(limits).build())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
    }
}
