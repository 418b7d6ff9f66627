package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.http.Page;
import dev.faultline.symbolfile.DebugFile;
import dev.faultline.symbolfile.DebugFileDetail;
import dev.faultline.symbolfile.SymbolWant;
import dev.faultline.symbolfile.WantedFile;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.store.FileRole;
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
                files.items().stream().map(file -> file(project, file, now)).toList(),
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

    private static SymbolsPage.DebugFile file(Project project, DebugFile file, Instant now) {
        Quality quality = file.quality();
        boolean measured = quality.functions() > 0;
        return new SymbolsPage.DebugFile(
                file.buildId(),
                name(file),
                Address.ofProject(project.name(), "symbols", file.buildId()).toString(),
                missing(file),
                release(file.software(), file.version()),
                file.architecture(),
                Words.bytes(file.size()),
                dwarf(quality),
                measured ? Meter.of(quality.lineCoverage()) : null,
                measured ? Meter.of(quality.unwindCoverage()) : null,
                measured ? Words.number(quality.functions()) : null,
                about(quality),
                quality.producers(),
                trouble(file),
                quality.advice().isEmpty() ? null : quality.advice(),
                quality.diagnostics(),
                new Moment(file.uploadedAt(), now));
    }

    private static String name(DebugFile file) {
        return file.fileName() == null ? "unnamed" : file.fileName();
    }

    private static @Nullable String missing(DebugFile file) {
        return file.missing() == 0 ? null : Words.counted(file.missing(), "file") + " missing";
    }

    private static @Nullable String trouble(DebugFile file) {
        return file.state().equals("usable") ? null : file.detail() == null ? file.state() : file.detail();
    }

    /** One debug file with all that is known of it. */
    SymbolFilePage page(Project project, DebugFileDetail detail, Instant now) {
        DebugFile file = detail.file();
        Quality quality = file.quality();
        boolean measured = quality.functions() > 0;
        var wants = detail.wants();
        return new SymbolFilePage(
                visit.shell(name(file), project.name(), Shell.Section.SYMBOLS),
                name(file),
                facts(file),
                new Moment(file.uploadedAt(), now),
                trouble(file),
                quality.advice().isEmpty() ? null : quality.advice(),
                measured ? Meter.of(quality.lineCoverage()) : null,
                measured ? Meter.of(quality.unwindCoverage()) : null,
                measures(quality),
                detail.files().stream().map(SymbolPages::part).toList(),
                wants.stream()
                        .filter(want -> !want.present())
                        .map(SymbolPages::want)
                        .toList(),
                (int) wants.stream().filter(SymbolWant::present).count(),
                wants.size(),
                wants.size() == DebugFileDetail.MOST_WANTS,
                quality.producers(),
                quality.diagnostics());
    }

    private static List<CrashPage.Fact> facts(DebugFile file) {
        var facts = new ArrayList<CrashPage.Fact>();
        facts.add(new CrashPage.Fact("Build id", file.buildId(), null, null, true));
        String release = release(file.software(), file.version());
        facts.add(CrashPage.Fact.of("Release", release == null ? "unknown" : release));
        facts.add(CrashPage.Fact.of("Architecture", file.architecture()));
        facts.add(CrashPage.Fact.of("Debug information", dwarf(file.quality())));
        facts.add(CrashPage.Fact.of("Size", Words.bytes(file.size())));
        return facts;
    }

    private static List<CrashPage.Fact> measures(Quality quality) {
        var measures = new ArrayList<CrashPage.Fact>();
        measures.add(CrashPage.Fact.of("Functions", Words.number(quality.functions())));
        if (!quality.dwarfVersions().isEmpty()) {
            measures.add(
                    CrashPage.Fact.of("Without debug information", Words.number(quality.functionsWithoutDebugInfo())));
        }
        measures.add(CrashPage.Fact.of("Inlined calls", Words.number(quality.inlinedCalls())));
        measures.add(CrashPage.Fact.of("Unwind rows", Words.number(quality.unwindRows())));
        measures.add(CrashPage.Fact.of("Code", Words.bytes(quality.textBytes())));
        measures.add(CrashPage.Fact.of(
                "Build id", quality.linkerBuildId() ? "written by the linker" : "none: the file's SHA-256"));
        measures.add(CrashPage.Fact.of("Linked", quality.linkTimeOptimized() ? "link-time optimized" : "unit by unit"));
        measures.add(CrashPage.Fact.of("Symbol table", quality.stripped() ? "stripped" : "whole"));
        return measures;
    }

    private static SymbolFilePage.Part part(DebugFileDetail.Part part) {
        return new SymbolFilePage.Part(
                role(part.role()),
                part.fileName() == null ? "unnamed" : part.fileName(),
                part.sha256(),
                Words.bytes(part.size()));
    }

    private static SymbolFilePage.Want want(SymbolWant want) {
        return new SymbolFilePage.Want(role(want.role()), want.name(), want.id(), String.valueOf(want.command()));
    }

    /** What a role is, in words. */
    private static String role(String role) {
        return switch (FileRole.of(role)) {
            case WHOLE -> "code and debug information";
            case IMAGE -> "stripped image";
            case DEBUG_FILE -> "debug file";
            case ALTERNATE -> "shared debug information (dwz)";
            case SPLIT -> "split unit (.dwo)";
            case PACKAGE -> "package of split units (.dwp)";
        };
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
