package dev.faultline.web;

import dev.faultline.release.Comparison;
import dev.faultline.release.Comparison.Change;
import dev.faultline.release.Comparison.Difference;
import dev.faultline.release.Comparison.Estimate;
import dev.faultline.release.Comparison.MetricChange;
import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparison.SelfControlled;
import dev.faultline.release.Comparison.Share;
import dev.faultline.release.Comparison.Shares;
import dev.faultline.web.ComparePage.Figure;
import dev.faultline.web.ComparePage.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures of a comparison in words: each with its interval, none without what it is of. */
final class CompareFigures {
    private static final String DEVICES_SEEN = "devices-seen";
    private static final String NONE = "–";

    private CompareFigures() {}

    static boolean byHours(Comparison comparison) {
        return !comparison.exposure().kind().equals(DEVICES_SEEN);
    }

    static List<Figure> of(Comparison comparison) {
        List<Figure> figures = new ArrayList<>();
        var rate = comparison.crashRate();
        if (rate != null) {
            figures.add(new Figure(
                    "Crashes per " + rate.unit(),
                    "at most one per device, cluster and day",
                    number(rate.baseline()),
                    number(rate.candidate()),
                    times(rate.ratio())
                            + (rate.stratifiedBy() == null ? "" : " within hardware revisions, ")
                            + (rate.stratifiedBy() == null ? "" : times(rate.crude()) + " without regard to them")));
        }
        difference(
                figures,
                "Crash-free hours",
                "device-hours without a crash or unexpected reboot",
                comparison.crashFreeHours());
        difference(
                figures,
                "Affected devices",
                "of the devices that ran it, those that crashed",
                comparison.affectedDevices());
        var health = comparison.health();
        share(
                figures,
                "Boot crashes",
                "within a minute of the boot, of those whose uptime is known",
                health.bootCrashes());
        share(figures, "Devices in a crash loop", "three boot crashes or more on one day", health.crashLoops());
        share(figures, "Silent after the update", "not heard of for three times their usual pause", health.silent());
        share(figures, "Rolled back", "went back within a week to a release that it contains", health.rolledBack());
        if (comparison.selfControlled() != null) {
            figures.add(updated(comparison.selfControlled()));
        }
        return figures;
    }

    private static Figure updated(SelfControlled self) {
        return new Figure(
                "Updated devices, before and after",
                "days with a crash per 1,000 days, of %s that went from the one to the other"
                        .formatted(Words.counted(self.devices(), "device")),
                perThousand(self.baselineCrashDays(), self.baselineDays()),
                perThousand(self.candidateCrashDays(), self.candidateDays()),
                self.ratio() == null ? null : times(self.ratio()));
    }

    private static String perThousand(long days, double all) {
        return all <= 0 ? NONE : figure(1000 * days / all);
    }

    private static void difference(List<Figure> figures, String label, String meaning, @Nullable Difference both) {
        if (both != null) {
            Estimate change = both.difference();
            figures.add(new Figure(
                    label,
                    meaning,
                    percent(both.baseline()),
                    percent(both.candidate()),
                    "%s points (95 %% %s to %s)"
                            .formatted(points(change.value()), points(change.low()), points(change.high()))));
        }
    }

    private static void share(List<Figure> figures, String label, String meaning, Shares both) {
        if (both.baseline().all() + both.candidate().all() > 0) {
            figures.add(new Figure(label, meaning, share(both.baseline()), share(both.candidate()), null));
        }
    }

    private static String share(Share share) {
        return share.share() == null
                ? NONE
                : "%s (%s of %s)"
                        .formatted(
                                percent(share.share().value()), Words.number(share.part()), Words.number(share.all()));
    }

    static Metric metric(MetricChange metric) {
        Estimate change = metric.change();
        return new Metric(
                metric.name(),
                number(metric.baseline()),
                number(metric.candidate()),
                change == null
                        ? null
                        : "%s %% (95 %% %s to %s)"
                                .formatted(points(change.value()), points(change.low()), points(change.high())),
                metric.flagged());
    }

    /** On which hardware a cluster is more frequent; empty where on none. */
    static String findings(Change change) {
        var words = new StringBuilder();
        change.hardwareFindings()
                .forEach(found -> words.append(" On %s %s× as often as elsewhere: %s of its crashes, %s of the hours."
                        .formatted(
                                found.hardware().isEmpty() ? "unknown hardware" : found.hardware(),
                                figure(found.ratio().ratio()),
                                percent(found.share()),
                                percent(found.exposureShare()))));
        return words.toString();
    }

    private static String times(RateRatio ratio) {
        return "%s× (95 %% %s to %s)".formatted(figure(ratio.ratio()), figure(ratio.low()), figure(ratio.high()));
    }

    private static String number(Estimate estimate) {
        return "%s (%s to %s)".formatted(figure(estimate.value()), figure(estimate.low()), figure(estimate.high()));
    }

    private static String percent(Estimate estimate) {
        return "%s (%s to %s)".formatted(percent(estimate.value()), percent(estimate.low()), percent(estimate.high()));
    }

    /** Shares near one are told by what is missing: as many digits as that has. */
    private static String percent(double share) {
        double rest = Math.min(share, 1 - share);
        int digits = rest <= 0 || rest >= 0.01 ? 1 : rest >= 0.001 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * share);
    }

    private static String points(double share) {
        double size = Math.abs(100 * share);
        return String.format(Locale.ROOT, size >= 10 ? "%+.0f" : size >= 1 ? "%+.1f" : "%+.3f", 100 * share);
    }

    private static String figure(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT,
                size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f",
                value);
    }
}
