package dev.faultline.symbolfile;

import dev.faultline.access.Project;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to run where the debug file is. */
public final class UploadCommand {
    /** The project that the command line takes when nobody names one. */
    private static final String WITHOUT_SAYING = "default";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._+:/@%-]+");

    private UploadCommand() {}

    /** The command that uploads {@code file} as what is known of it. */
    public static String of(Project project, String file, @Nullable String software, @Nullable String version) {
        return "faultline symbols upload " + file + option("--software", software) + option("--version", version)
                + into(project);
    }

    /** The option that names the project, with a blank before it; empty where it is not needed. */
    public static String into(Project project) {
        return project.name().equals(WITHOUT_SAYING) ? "" : option("--project", project.name());
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
