package dev.faultline.cli;

/** How a command ends; scripts and CI rely on these numbers. 10, 11 and 12 are the verdicts of gates. */
public final class ExitCode {
    public static final int OK = 0;
    /** A file is broken or not there, or the service refuses what was asked. */
    public static final int REFUSED = 1;
    /** The command line itself is wrong. */
    public static final int USAGE = 2;
    /** The service does not answer, fails, or wants another credential. */
    public static final int SERVER = 3;
    /** The answer is printed, but frames stay unnamed until debug files are uploaded. */
    public static final int SYMBOLS_MISSING = 13;

    private ExitCode() {}
}
