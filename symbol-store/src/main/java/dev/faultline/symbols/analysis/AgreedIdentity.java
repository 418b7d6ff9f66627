package dev.faultline.symbols.analysis;

import dev.faultline.symbols.coredump.DumpIdentity;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.report.CrashIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the coredump and the upload say together.
 *
 * @param identity the coredump's word, and the upload's where that is silent
 * @param warnings where the two differ, and what neither says
 */
record AgreedIdentity(CrashIdentity identity, List<String> warnings) {

    static AgreedIdentity of(DumpIdentity dump, ClaimedIdentity claims) {
        var warnings = new ArrayList<String>();
        var dumped = dump.buildId() == null ? null : dump.buildId().hex();
        var identity = new CrashIdentity(
                agreed("device", dump.device(), claims.device(), warnings),
                agreed("hardware revision", dump.hardware(), claims.hardware(), warnings),
                agreed("software type", dump.software(), claims.software(), warnings),
                agreed("version", dump.version(), claims.version(), warnings),
                agreed("build id", dumped, normalised(claims.buildId(), warnings), warnings),
                dump.reason(),
                dump.message(),
                dump.uptimeMillis());
        if (identity.buildId() == null) {
            warnings.add("Nothing says which build crashed: symbols cannot be found without its build id");
        }
        return new AgreedIdentity(identity, List.copyOf(warnings));
    }

    /** The images with the agreed software type and build id where the coredump did not know them. */
    List<LoadedImage> images(List<LoadedImage> images) {
        if (images.isEmpty() || identity.buildId() == null) {
            return images;
        }
        var first = images.getFirst();
        boolean isFirmware = first.range() == null && images.size() == 1;
        var name = identity.software() == null || !isFirmware ? first.name() : identity.software();
        var agreed = new ArrayList<>(images);
        agreed.set(
                0,
                new LoadedImage(
                        name, BuildId.parse(identity.buildId()), first.bias(), first.range(), first.fileHash()));
        return List.copyOf(agreed);
    }

    private static @Nullable String agreed(
            String what, @Nullable String dumped, @Nullable String claimed, List<String> warnings) {
        if (dumped != null && claimed != null && !dumped.equals(claimed)) {
            warnings.add("The upload says %s \"%s\", the coredump says \"%s\", which counts"
                    .formatted(what, claimed, dumped));
        }
        return dumped != null ? dumped : claimed;
    }

    private static @Nullable String normalised(@Nullable String buildId, List<String> warnings) {
        if (buildId == null) {
            return null;
        }
        try {
            return BuildId.parse(buildId).hex();
        } catch (IllegalArgumentException e) {
            warnings.add("The upload's build id \"%s\" is not hexadecimal and is left out".formatted(buildId));
            return null;
        }
    }
}
