package dev.faultline.cli.examine;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.ReportJson;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.symbols.analysis.CrashExamination;
import dev.faultline.symbols.report.GlobalReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Globals with what they held. */
@Command(
        name = "globals",
        mixinStandardHelpOptions = true,
        description = "Print globals with what they held: those named, or all, file by file.")
final class ExamineGlobals implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Subject subject = new Subject();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME",
            description = "As the source has it, or the linker.")
    private List<String> names = List.of();

    ExamineGlobals(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        var globals = subject.examine(names.isEmpty() ? ExamineGlobals::all : this::named);
        var file = "";
        for (var global : globals) {
            if (json.wanted()) {
                terminal.out().println(ReportJson.json(global));
                continue;
            }
            if (!global.file().equals(file)) {
                file = global.file();
                terminal.out().println(Text.onOneLine(file));
            }
            print(global);
        }
        return ExitCode.OK;
    }

    private void print(GlobalReport global) {
        var variable = global.variable();
        var where = global.address() == null ? "" : global.address() + "  ";
        var target = variable.target() == null ? "" : " → " + variable.target();
        terminal.out()
                .println(Text.onOneLine("  %s%s %s = %s%s"
                        .formatted(where, variable.type(), variable.name(), variable.value(), target)));
    }

    private List<GlobalReport> named(CrashExamination open) {
        var found = new ArrayList<GlobalReport>();
        for (var name : names) {
            var globals = open.globals(name);
            if (globals.isEmpty()) {
                throw CommandFailure.refused("no global is called " + name);
            }
            found.addAll(globals);
        }
        return found;
    }

    private static List<GlobalReport> all(CrashExamination open) {
        var found = new ArrayList<GlobalReport>();
        List<GlobalReport> page;
        do {
            page = open.globals(found.size(), CrashExamination.MOST_GLOBALS);
            found.addAll(page);
        } while (!page.isEmpty());
        return found;
    }
}
