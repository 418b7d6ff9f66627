package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.FaultState;

/** Why it crashed, by what was kept about the fault; each kind of that has a file of its own. */
public final class FaultDiagnosis {

    private FaultDiagnosis() {}

    /** Never fails; what cannot be told is said to be unknown. */
    public static Diagnosis of(CrashScene scene) {
        return switch (scene.coredump().fault()) {
            case CortexMState state -> CortexMFault.of(scene);
            case FaultState.Signal signal -> SignalFault.of(signal, scene);
            case FaultState.Trap trap ->
                scene.coredump().architecture() instanceof Xtensa
                        ? XtensaFault.of(trap, scene)
                        : RiscVFault.of(trap, scene);
            case FaultState.Syndrome syndrome -> SyndromeFault.of(syndrome, scene);
            case FaultState.Unrecorded unrecorded ->
                scene.coredump().architecture() instanceof ArmCortexM
                        ? CortexMFault.of(scene)
                        : Told.withoutState(scene);
        };
    }
}
