package dev.faultline.cli;

import dev.faultline.cli.access.TokensCommand;
import dev.faultline.cli.access.UsersCommand;
import dev.faultline.cli.cluster.ClustersCommand;
import dev.faultline.cli.crash.CrashCommand;
import dev.faultline.cli.demo.DemoCommand;
import dev.faultline.cli.examine.ExamineCommand;
import dev.faultline.cli.local.InspectCommand;
import dev.faultline.cli.local.SymbolicateCommand;
import dev.faultline.cli.regroup.RegroupCommand;
import dev.faultline.cli.release.CompareCommand;
import dev.faultline.cli.release.FindingsCommand;
import dev.faultline.cli.release.GateCommand;
import dev.faultline.cli.release.ReleasesCommand;
import dev.faultline.cli.release.SoftwareCommand;
import dev.faultline.cli.symbols.SymbolsCommand;
import dev.faultline.symbols.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;

/** The command {@code faultline}: which commands there are, and how each of them ends. */
@Command(
        name = "faultline",
        description = "Crash reporting and symbolication for device fleets.",
        mixinStandardHelpOptions = true,
        versionProvider = Faultline.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "   0  done",
            "   1  a file is broken or missing, or the service refuses what was asked",
            "   2  the command line is wrong",
            "   3  the service does not answer, fails, or wants another token",
            "  13  done, but debug files are missing: frames without names",
            "",
            "Environment: FAULTLINE_SERVER, FAULTLINE_TOKEN, FAULTLINE_PROJECT, NO_COLOR"
        })
public final class Faultline {

    public static void main(String... arguments) {
        var terminal = Terminal.ofProcess();
        System.exit(run(terminal, System.in, arguments));
    }

    /** Runs one command; everything is flushed when the exit code is there. */
    public static int run(Terminal terminal, InputStream in, String... arguments) {
        var commands = new CommandLine(new Faultline())
                .addSubcommand(new ServeCommand())
                .addSubcommand(SymbolsCommand.with(terminal))
                .addSubcommand(CrashCommand.with(terminal))
                .addSubcommand(ClustersCommand.with(terminal))
                .addSubcommand(RegroupCommand.with(terminal))
                .addSubcommand(new SymbolicateCommand(terminal, in))
                .addSubcommand(new InspectCommand(terminal))
                .addSubcommand(ExamineCommand.with(terminal))
                .addSubcommand(ReleasesCommand.with(terminal, in))
                .addSubcommand(SoftwareCommand.with(terminal))
                .addSubcommand(new CompareCommand(terminal))
                .addSubcommand(new GateCommand(terminal))
                .addSubcommand(new FindingsCommand(terminal))
                .addSubcommand(TokensCommand.with(terminal))
                .addSubcommand(UsersCommand.with(terminal, in))
                .addSubcommand(new DemoCommand(terminal));
        try {
            return commands.setOut(terminal.out())
                    .setErr(terminal.err())
                    .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                    .setUsageHelpAutoWidth(false)
                    .setUsageHelpWidth(100)
                    .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, terminal))
                    .execute(arguments);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    private static int explain(Exception failure, Terminal terminal) {
        terminal.out().flush();
        terminal.progressDone();
        return switch (failure) {
            case CommandFailure known -> say(terminal, message(known), known.exitCode());
            case FormatException broken -> say(terminal, message(broken), ExitCode.REFUSED);
            case UncheckedIOException file -> say(terminal, sentence(file.getCause()), ExitCode.REFUSED);
            case IOException file -> say(terminal, sentence(file), ExitCode.REFUSED);
            default -> bug(terminal, failure);
        };
    }

    private static int say(Terminal terminal, String sentence, int exitCode) {
        terminal.err().println("faultline: " + Text.lines(sentence));
        return exitCode;
    }

    private static String sentence(@Nullable IOException failure) {
        return switch (failure) {
            case NoSuchFileException absent -> absent.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case null -> "a file can not be read or written";
            default -> message(failure);
        };
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static int bug(Terminal terminal, Exception failure) {
        PrintWriter err = terminal.err();
        err.println("faultline: this is a bug of ours, please report it with these lines:");
        failure.printStackTrace(err);
        return ExitCode.REFUSED;
    }

    /** What the jar's manifest says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Faultline.class.getPackage().getImplementationVersion();
            return new String[] {"faultline " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
