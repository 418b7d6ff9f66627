package dev.faultline.symbols.analysis;

import dev.faultline.symbols.coredump.DumpIdentity;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.unwind.LoadedSymbols;
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

    static AgreedIdentity of(DumpIdentity dump, List<LoadedImage> images, ClaimedIdentity claims) {
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
        boolean hashed = images.stream().anyMatch(image -> image.fileHash() != null);
        if (dumped == null && !hashed && identity.buildId() != null) {
            warnings.add("The coredump does not say which build crashed: build %s is what the upload says"
                    .formatted(identity.buildId()));
        }
        if (identity.buildId() == null && !hashed) {
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
        boolean isFirmware = first.range() == null && images.stream().skip(1).allMatch(LoadedImage::isRom);
        var name = identity.software() == null || !isFirmware ? first.name() : identity.software();
        var agreed = new ArrayList<>(images);
        agreed.set(
                0,
                new LoadedImage(
                        name, BuildId.parse(identity.buildId()), first.bias(), first.range(), first.fileHash()));
        return List.copyOf(agreed);
    }

    /** The identity with the build that its symbols turned out to be of, where the coredump named them by another word. */
    CrashIdentity found(LoadedSymbols symbols) {
        for (var module : symbols.modules()) {
            var id = module.image().buildId();
            if (module.image().fileHash() != null && module.symbols().isPresent() && id != null) {
                return new CrashIdentity(
                        identity.device(),
                        identity.hardware(),
                        identity.software(),
                        identity.version(),
                        id.hex(),
                        identity.reason(),
                        identity.message(),
                        identity.uptimeMillis());
            }
        }
        return identity;
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
