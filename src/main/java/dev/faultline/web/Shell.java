package dev.faultline.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page: the top bar and the choices that its reader made before.
 *
 * @param title of the page, for the window
 * @param project absent on pages outside of a project, such as an error's
 * @param section the current entry of the navigation; absent where none is
 * @param reader who looks
 */
public record Shell(
        String title, @Nullable String project, @Nullable Section section, Reader reader) {

    /** An entry of the navigation. The name is also what the keys go to. */
    public enum Section {
        CLUSTERS("clusters", "Clusters"),
        CRASHES("crashes", "Crashes"),
        SYMBOLS("symbols", "Symbols"),
        RELEASES("releases", "Releases"),
        GATES("gates", "Gates"),
        DEVICES("devices", "Devices"),
        COMPARE("compare", "Compare");

        private final String path;
        private final String label;

        Section(String path, String label) {
            this.path = path;
            this.label = label;
        }
    }

    /** One entry as shown. */
    public record Link(String section, String label, String url, boolean current) {}

    /**
     * Who looks at a page, and how.
     *
     * @param theme {@code light} or {@code dark} as chosen; absent: as the system has it
     * @param stack {@code pretty} or {@code raw}
     * @param user who is logged in; absent in local mode and for tokens
     * @param csrf what forms of this session must send back; absent without a session
     */
    public record Reader(
            @Nullable String theme,
            String stack,
            @Nullable String user,
            @Nullable String csrf) {}

    /** The project's part of the addresses, for forms. */
    public String base() {
        return project == null ? "" : Address.ofProject(project).toString();
    }

    public List<Link> links() {
        if (project == null) {
            return List.of();
        }
        return List.of(Section.values()).stream()
                .map(entry -> new Link(
                        entry.path,
                        entry.label,
                        Address.ofProject(project, entry.path).toString(),
                        entry == section))
                .toList();
    }

    public @Nullable String theme() {
        return reader.theme();
    }

    public String stack() {
        return reader.stack();
    }

    public @Nullable String user() {
        return reader.user();
    }

    public @Nullable String csrf() {
        return reader.csrf();
    }
}
