package dev.faultline.cli.local;

import dev.faultline.cli.Text;
import dev.faultline.symbols.index.SourceFrame;
import java.io.PrintWriter;
import java.util.List;

/** The form of {@code addr2line -apfi}, which editors and scripts already read. */
record TextAnswers(PrintWriter out) implements Answers {

    @Override
    public void print(Address address, List<SourceFrame> frames) {
        if (frames.isEmpty()) {
            out.println(address.asked() + ": ?? at ??:0");
            return;
        }
        for (int i = 0; i < frames.size(); i++) {
            SourceFrame frame = frames.get(i);
            String file = frame.file() == null ? "??" : frame.file();
            out.println(Text.onOneLine((i == 0 ? address.asked() + ": " : " (inlined by) ") + frame.function() + " at "
                    + file + ":" + frame.line() + (frame.column() == 0 ? "" : ":" + frame.column())));
        }
    }
}
