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
        return "faultline symbols upload " + argument(file) + option("--software", software)
                + option("--version", version) + into(project);
    }

    /** The option that names the project, with a blank before it; empty where it is not needed. */
    public static String into(Project project) {
        return project.name().equals(WITHOUT_SAYING) ? "" : option("--project", project.name());
    }

    private static String argument(String file) {
        return quoted(file.startsWith("-") ? "./" + file : file);
    }

    private static String option(String name, @Nullable String value) {
        return value == null ? "" : " " + name + "=" + quoted(value);
    }

    /** Names come from devices and out of files: whoever pastes the command must not run what others wrote. */
    private static String quoted(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !text.startsWith("-");
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
