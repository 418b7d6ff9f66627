package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.List;

/** A partition for coredumps in which there is none: erased flash. */
public record ErasedPartition() implements CoredumpFormat {

    @Override
    public String name() {
        return "erased-partition";
    }

    @Override
    public String description() {
        return "a coredump partition";
    }

    @Override
    public boolean begins(ByteReader file) {
        return file.size() >= 4 && file.seek(0).u32() == 0xffff_ffffL;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        throw file.error("the partition is erased (ff ff ff ff): no coredump is in it");
    }
}
