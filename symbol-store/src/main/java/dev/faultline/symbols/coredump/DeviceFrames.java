package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.ReturnToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Frames out of the registers of a device that sent nothing else. */
final class DeviceFrames {

    private DeviceFrames() {}

    /** {@code frames} and the caller that the link register names, where it can be one. */
    static List<DeviceFrame> withLink(Architecture architecture, List<DeviceFrame> frames, Map<String, Long> words) {
        var link = RegisterList.registers(architecture, words).get(architecture.linkRegister());
        if (frames.isEmpty()
                || link.isEmpty()
                || !architecture.mayBeReturnAddress(link.getAsLong())
                || !(architecture.returnToken(link.getAsLong()) instanceof ReturnToken.Address)) {
            return frames;
        }
        var longer = new ArrayList<>(frames);
        longer.add(new DeviceFrame(architecture.instructionAddress(link.getAsLong()), false));
        return longer;
    }
}
