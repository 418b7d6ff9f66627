package dev.faultline.search;

/** What can be asked of a list's rows; each list has an enum of its own. */
public interface Field {

    /** As typed before the colon. */
    String label();

    Kind kind();
}
