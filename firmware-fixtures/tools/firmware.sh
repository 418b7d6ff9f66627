# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# What there is to build and how: read by build.sh, fleet.sh and the scripts beside this file. `here` is firmware-fixtures.

LC_ALL=C # one order of names everywhere
export LC_ALL

SITUATIONS="unknown-channel zero-interval unknown-opcode gateway-silent flash-unpowered nested-groups odd-offset brownout radio-stuck sample-burst unsolicited-ack alarm-burst"

MINIMAL_SITUATIONS="odd-pointer large-entry"

TANK_SITUATIONS="valve-removed no-sensor other-chip radio-packet unknown-command impossible-state boot-service queue-full endless-program history-unpowered bad-block pulse-burst"

# version, hardware revision, optimisation, further option
firmware_list() {
    for version in 1.0.0 1.1.0 1.2.0; do
        echo "$version rev-a Os -"
        echo "$version rev-b O2 -"
    done
    for optimisation in O0 Og O3; do
        echo "1.2.0 rev-a $optimisation -"
        echo "1.2.0 rev-b $optimisation -"
    done
    echo "1.2.0 rev-b O2 -gdwarf-4"
    echo "1.2.1-rc1 rev-b O2 -"
}

# What is shipped to devices has no optimisation level in its name.
firmware_name() {
    suffix=
    case "$2 $3" in
    "rev-a Os" | "rev-b O2") ;;
    *) suffix="-$3" ;;
    esac
    [ "$4" = - ] || suffix="$suffix$(echo "$4" | sed 's/-gdwarf-/-dwarf/')"
    echo "main-fw-$1-$2$suffix"
}

require_tools() {
    missing=
    for pair in arm-none-eabi-gcc:gcc-arm-none-eabi qemu-system-arm:qemu-system-arm gdb-multiarch:gdb-multiarch python3:python3 patch:patch; do
        command -v "${pair%%:*}" > /dev/null || missing="$missing ${pair##*:}"
    done
    [ -e /usr/lib/arm-none-eabi/newlib/thumb/v7-m/nofp/libc.a ] || missing="$missing libnewlib-arm-none-eabi"
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || {
        echo "please install:$missing" >&2
        exit 2
    }
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq -o DPkg::Lock::Timeout=400 --no-install-recommends $missing > /dev/null
}

# The sources of every release below $1: 1.0.0 is firmware/, each later one a patch upon the one before.
prepare_sources() {
    mkdir -p "$1"
    cp -r "$here/firmware" "$1/1.0.0"
    before=1.0.0
    for version in 1.1.0 1.2.0 1.2.1-rc1; do
        cp -r "$1/$before" "$1/$version"
        patch -s -d "$1/$version" -p1 < "$here/releases/$version.patch"
        before=$version
    done
}

# sources, version, hardware, optimisation, further option, output directory
build_firmware() {
    name=$(firmware_name "$2" "$3" "$4" "$5")
    case "$3" in
    rev-a) cpu="-mcpu=cortex-m3 -mfloat-abi=soft" ;;
    rev-b) cpu="-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16" ;;
    esac
    further=
    [ "$5" = - ] || further=$5
    # shellcheck disable=SC2086
    (cd "$1/$2" && arm-none-eabi-gcc $cpu -mthumb -std=gnu99 "-$4" -g $further -Wall -Wextra -Werror \
        -ffunction-sections -fdata-sections \
        "-ffile-prefix-map=$1/$2=firmware" "-ffile-prefix-map=$here/device-library=device-library" \
        "-DFIRMWARE_VERSION=\"$2\"" "-DHARDWARE_REVISION=\"$3\"" "-I$here/device-library" \
        -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections -Wl,-z,max-page-size=256 -T link.ld \
        "$1/$2"/*.c "$here"/device-library/faultline_core.c "$here"/device-library/faultline_cortex_m.c "$here"/device-library/faultline_log.c -lc -lgcc -o "$6/$name.elf")
}

# output directory
build_minimal() {
    (cd "$here/minimal" && arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb -std=gnu99 -Os -g -Wall -Wextra -Werror \
        -ffunction-sections -fdata-sections "-ffile-prefix-map=$here/=" "-I$here/device-library" "-I$here/firmware" \
        -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections -Wl,-z,max-page-size=256 -T link.ld \
        "$here/minimal/minimal.c" "$here/firmware/semihost.c" "$here"/device-library/faultline_core.c "$here"/device-library/faultline_cortex_m.c "$here"/device-library/faultline_log.c -lc -lgcc -o "$1/minimal-m0.elf")
}

# QEMU for hardware revision $1, ELF file $2, with further comma separated options $3. One instruction takes 64 ns of the board's time
# whatever the host does, so every run of the same file and options is the same run.
qemu_command() {
    case "$1" in
    rev-a) machine="mps2-an385 -cpu cortex-m3" ;;
    rev-b) machine="mps2-an386 -cpu cortex-m4" ;;
    m0) machine="microbit" ;;
    rv32 | rv64)
        echo "qemu-system-riscv${1#rv} -M virt -bios none -nographic -monitor none -serial none -icount shift=6,sleep=off" \
            "-semihosting-config enable=on,target=native,arg=tank-fw$3 -kernel $2"
        return
        ;;
    esac
    echo "qemu-system-arm -M $machine -nographic -monitor none -serial none -icount shift=6" \
        "-semihosting-config enable=on,target=native,arg=main-fw$3 -kernel $2"
}
