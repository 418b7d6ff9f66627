package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.DebugTexts;
import dev.faultline.symbols.index.TextPool.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one worker knows of the debugging sections' texts, by handle: a name is read once, not once for each call. */
final class TextCache {
    private final DebugTexts source;
    private final TextPool pool;
    private long[] handles = new long[1 << 12];
    private @Nullable Text[] texts = new Text[1 << 12];
    private int size;

    TextCache(DebugTexts source, TextPool pool) {
        this.source = source;
        this.pool = pool;
    }

    /** Null for no text and for an empty one. */
    @Nullable
    Text at(long handle) {
        if (handle == DebugTexts.NONE) {
            return null;
        }
        int slot = slot(handle);
        while (handles[slot] != DebugTexts.NONE) {
            if (handles[slot] == handle) {
                return texts[slot];
            }
            slot = (slot + 1) & (handles.length - 1);
        }
        String value = source.text(handle);
        Text text = value.isEmpty() ? null : pool.of(value);
        handles[slot] = handle;
        texts[slot] = text;
        if (++size > handles.length / 2) {
            grow();
        }
        return text;
    }

    private void grow() {
        long[] oldHandles = handles;
        var oldTexts = texts;
        handles = new long[oldHandles.length * 2];
        texts = Arrays.copyOf(oldTexts, handles.length);
        Arrays.fill(texts, null);
        for (int i = 0; i < oldHandles.length; i++) {
            if (oldHandles[i] != DebugTexts.NONE) {
                int slot = slot(oldHandles[i]);
                while (handles[slot] != DebugTexts.NONE) {
                    slot = (slot + 1) & (handles.length - 1);
                }
                handles[slot] = oldHandles[i];
                texts[slot] = oldTexts[i];
            }
        }
    }

    private int slot(long handle) {
        return (int) ((handle * 0x9e3779b97f4a7c15L) >>> 32) & (handles.length - 1);
    }
}
