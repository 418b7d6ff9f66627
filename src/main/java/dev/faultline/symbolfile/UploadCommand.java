package dev.faultline.symbolfile;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to run where the debug file is. */
final class UploadCommand {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._+:/@%-]+");

    private UploadCommand() {}

    static String of(@Nullable String software, @Nullable String version) {
        return "faultline symbols upload FILE" + option("--software", software) + option("--version", version);
    }

    /** Names come from devices: whoever pastes the command must not run what a device wrote. */
    private static String option(String name, @Nullable String value) {
        if (value == null) {
            return "";
        }
        boolean plain = PLAIN.matcher(value).matches() && !value.startsWith("-");
        return " " + name + "=" + (plain ? value : "'" + value.replace("'", "'\\''") + "'");
    }
}
