package dev.faultline.cli;

/** Why a command ends without its answer: a sentence for a person, and the exit code. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailure(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /** A file or a request that is broken. */
    public static CommandFailure refused(String sentence) {
        return new CommandFailure(ExitCode.REFUSED, sentence);
    }

    /** A command line that can not be meant. */
    public static CommandFailure usage(String sentence) {
        return new CommandFailure(ExitCode.USAGE, sentence);
    }

    /** A service that does not answer, fails, or wants another credential. */
    public static CommandFailure server(String sentence) {
        return new CommandFailure(ExitCode.SERVER, sentence);
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
