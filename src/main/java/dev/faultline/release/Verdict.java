package dev.faultline.release;

/** What a gate says of a release. */
public enum Verdict {
    /** Nothing stands against it, and enough is known. */
    GO(0),
    /** It is worse than it may be. */
    NO_GO(10),
    /** The rollout should stop until somebody looked. */
    PAUSE(11),
    /** Too little is known. */
    INSUFFICIENT(12);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Of the command line. */
    public int exitCode() {
        return exitCode;
    }
}
