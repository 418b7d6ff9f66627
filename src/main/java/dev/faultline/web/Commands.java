package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.symbolfile.UploadCommand;
import java.util.List;

/** The commands that empty pages tell. */
final class Commands {

    private Commands() {}

    static List<String> firstCrash(Project project) {
        return List.of(symbols(project), crash(project));
    }

    static List<String> firstSymbols(Project project) {
        return List.of(symbols(project));
    }

    private static String symbols(Project project) {
        return "./" + UploadCommand.of(project, "firmware.elf", "main-fw", "1.0.0");
    }

    private static String crash(Project project) {
        return "./faultline crash upload crash.core --device=node-1" + UploadCommand.into(project);
    }
}
