package dev.faultline.cli.release;

import dev.faultline.symbols.report.TextReport.Part;

/** What happened to a cluster, in the order a release manager wants to know it. */
enum Group {
    NEW("new", "New", Part.FAULT),
    WORSE("worse", "Worse", Part.FAULT),
    FIXED("fixed", "Fixed", Part.HEADING),
    BETTER("better", "Better", Part.HEADING),
    UNCHANGED("unchanged", "No difference shown", Part.HEADING);

    private final String member;
    private final String heading;
    private final Part part;

    Group(String member, String heading, Part part) {
        this.member = member;
        this.heading = heading;
        this.part = part;
    }

    /** Its name in the service's document. */
    String member() {
        return member;
    }

    String heading() {
        return heading;
    }

    Part part() {
        return part;
    }
}
