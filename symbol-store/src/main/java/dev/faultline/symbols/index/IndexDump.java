package dev.faultline.symbols.index;

import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Prints an index as it is written: its sections, and functions with their calls and runs, with the bytes of each. */
final class IndexDump {
    private final IndexFile file;
    private final SymbolIndex index;
    private final PrintWriter out;
    private final MemorySegment payload;

    IndexDump(IndexFile file, SymbolIndex index, PrintWriter out) {
        this.file = file;
        this.index = index;
        this.out = out;
        this.payload = file.part(Part.PAYLOAD);
    }

    void sections() {
        out.printf(
                "symbol index, format %d%nbuild id %s, machine %d, addresses of %d bytes, words of %d bytes from 0x%x%n",
                IndexFormat.VERSION,
                file.buildId().hex(),
                file.machine(),
                file.addressSize(),
                file.words().width(),
                file.words().base());
        for (Part part : Part.ALL) {
            out.printf("  %-16s %12d bytes%n", part, file.part(part).byteSize());
        }
    }

    /** One function, whose payload begins at {@code place}. */
    void function(long start, long place) {
        var cursor = new Cursor(payload, place);
        long size = cursor.uleb();
        out.printf("%n%s 0x%x to 0x%x, payload 0x%x%n", name(cursor.uleb()), start, start + size, place);
        long entry = cursor.uleb();
        int ownFile = (int) cursor.uleb();
        out.printf("  %s%n", bytes(place, cursor.position()));
        if (entry != 0) {
            out.printf("  entry 0x%x of .debug_info%n", entry - 1);
        }
        out.printf("  file %s%n", file(ownFile));
        for (long left = cursor.uleb(); left > 0; left--) {
            out.printf("  the same bytes: %s%n", name(cursor.uleb()));
        }
        long callBytes = cursor.uleb();
        long calls = cursor.position();
        while (cursor.position() < calls + callBytes) {
            call(cursor, calls);
        }
        runs(new RunReader(payload, Runs.step(file.machine()), calls, ownFile, calls + callBytes));
    }

    private void call(Cursor cursor, long calls) {
        long from = cursor.position();
        long up = cursor.uleb();
        String name = name(cursor.uleb());
        int ownFile = (int) cursor.uleb();
        long callFile = cursor.uleb();
        long line = cursor.uleb();
        long column = cursor.uleb();
        long place = from - calls + 1;
        out.printf(
                "  call %d in %d: %s of %s, called at %s%d:%d  [%s]%n",
                place,
                up == 0 ? 0 : place - up,
                name,
                file(ownFile),
                callFile == 0 ? "" : file((int) (callFile - 1)) + ":",
                line,
                column,
                bytes(from, cursor.position()));
    }

    private void runs(RunReader reader) {
        out.printf("  %d runs in %d blocks%n", reader.runs(), reader.blocks());
        for (int block = 0; block < reader.blocks(); block++) {
            var cursor = reader.begin(block);
            for (int left = reader.runsIn(block); left > 0; left--) {
                long from = cursor.position();
                reader.next(cursor, Long.MAX_VALUE);
                out.printf(
                        "  +0x%x call %d %s:%d:%d  [%s]%n",
                        reader.distance(),
                        reader.call(),
                        file(reader.file()),
                        reader.line(),
                        reader.column(),
                        bytes(from, cursor.position()));
            }
        }
    }

    private String name(long reference) {
        return index.functionName(reference);
    }

    private String file(int number) {
        return number == 0 ? "none" : index.path(number - 1);
    }

    private String bytes(long from, long to) {
        return HexFormat.ofDelimiter(" ")
                .formatHex(payload.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE));
    }
}
