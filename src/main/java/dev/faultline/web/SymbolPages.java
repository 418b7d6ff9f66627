package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.http.Page;
import dev.faultline.symbolfile.DebugFile;
import dev.faultline.symbolfile.WantedFile;
import dev.faultline.symbols.index.Quality;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From the catalogue of debug files to the page that shows it. */
@RequestScoped
class SymbolPages {
    /** The parameters of the page's address. */
    static final List<String> PARAMETERS = List.of("after");

    static final int ROWS = 50;
    /** Wanted files shown; with more of them the first ones are the ones that matter. */
    static final int MOST_WANTED = 50;

    private final Visit visit;

    SymbolPages(Visit visit) {
        this.visit = visit;
    }

    SymbolsPage page(Project project, Filters filters, Page<DebugFile> files, List<WantedFile> wanted, Instant now) {
        Address here = Address.ofProject(project.name(), "symbols");
        return new SymbolsPage(
                visit.shell("Symbols", project.name(), Shell.Section.SYMBOLS),
                // once, on the first part of the list
                filters.get("after") == null
                        ? wanted.stream().map(file -> missing(file, now)).toList()
                        : List.of(),
                files.items().stream().map(file -> file(file, now)).toList(),
                files.next() == null ? null : here.with("after", files.next()).toString(),
                filters.get("after") == null ? null : here.toString(),
                Commands.firstSymbols(project));
    }

    private static SymbolsPage.MissingFile missing(WantedFile file, Instant now) {
        return new SymbolsPage.MissingFile(
                file.buildId(),
                release(file.software(), file.version()),
                Words.number(file.crashes()),
                Words.number(file.devices()),
                new Moment(file.firstSeen(), now),
                file.command());
    }

    private static SymbolsPage.DebugFile file(DebugFile file, Instant now) {
        Quality quality = file.quality();
        boolean measured = quality.functions() > 0;
        return new SymbolsPage.DebugFile(
                file.buildId(),
                file.fileName() == null ? "unnamed" : file.fileName(),
                release(file.software(), file.version()),
                file.architecture(),
                Words.bytes(file.size()),
                dwarf(quality),
                measured ? Meter.of(quality.lineCoverage()) : null,
                measured ? Meter.of(quality.unwindCoverage()) : null,
                measured ? Words.number(quality.functions()) : null,
                about(quality),
                quality.producers(),
                file.state().equals("usable") ? null : file.detail() == null ? file.state() : file.detail(),
                quality.advice().isEmpty() ? null : quality.advice(),
                quality.diagnostics(),
                new Moment(file.uploadedAt(), now));
    }

    private static String dwarf(Quality quality) {
        if (quality.dwarfVersions().isEmpty()) {
            return "none";
        }
        return quality.dwarfVersions().stream()
                .map(version -> Integer.toString(version))
                .collect(Collectors.joining(" and ", "DWARF ", ""));
    }

    private static @Nullable String about(Quality quality) {
        var about = new ArrayList<String>();
        if (quality.functionsWithoutDebugInfo() > 0 && !quality.dwarfVersions().isEmpty()) {
            about.add(Words.number(quality.functionsWithoutDebugInfo()) + " functions without it");
        }
        if (quality.linkTimeOptimized()) {
            about.add("link-time optimized");
        }
        if (quality.stripped()) {
            about.add("stripped");
        }
        if (!quality.linkerBuildId()) {
            about.add("no build id of the linker");
        }
        return about.isEmpty() ? null : String.join(", ", about);
    }

    private static @Nullable String release(@Nullable String software, @Nullable String version) {
        if (software == null) {
            return version;
        }
        return version == null ? software : software + " " + version;
    }
}
