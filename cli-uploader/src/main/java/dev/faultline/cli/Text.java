package dev.faultline.cli;

/** What others wrote (devices, servers, files), made fit for a terminal. */
public final class Text {

    private Text() {}

    /** Without control characters, which could move the cursor or rename the window; line ends and tabs become blanks. */
    public static String onOneLine(String text) {
        return text.replaceAll("[\\r\\n\\t]+", " ").replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    /** Lines stay; other control characters go. */
    public static String lines(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\uFFFD");
    }
}
