# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# How the corpus is built and run: read by corpus.sh. `here` is firmware-fixtures.

# release, compiler, optimisation: the first and the last release also as developers build them
corpus_builds() {
    for release in 1 2 3 4; do
        for compiler in gcc clang; do
            for optimisation in Os O2 O2-lto; do
                echo "$release $compiler $optimisation"
            done
        done
    done
    for release in 1 4; do
        echo "$release gcc O0"
        echo "$release gcc Og"
        echo "$release clang O0"
        echo "$release clang O1"
    done
}

require_corpus_tools() {
    missing=
    for pair in arm-none-eabi-gcc:gcc-arm-none-eabi clang:clang ld.lld:lld qemu-system-arm:qemu-system-arm python3:python3; do
        command -v "${pair%%:*}" > /dev/null || missing="$missing ${pair##*:}"
    done
    [ -e /usr/lib/arm-none-eabi/newlib/thumb/v7-m/nofp/libc.a ] || missing="$missing libnewlib-arm-none-eabi"
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || {
        echo "please install:$missing" >&2
        exit 2
    }
    # shellcheck disable=SC2086
    apt-get install -y -qq -o DPkg::Lock::Timeout=400 --no-install-recommends $missing > /dev/null
}

# release, compiler, optimisation, output directory
build_corpus() {
    CORPUS_INCLUDES="-I$here/device-library -I$here/firmware"
    CORPUS_BOARD="$here/firmware/kernel.c $here/firmware/board.c $here/firmware/startup.c $here/firmware/semihost.c $here/firmware/assert.c"
    flags="-${3%-lto} -g -std=gnu99 -ffunction-sections -fdata-sections -mthumb -mcpu=cortex-m3 -mfloat-abi=soft"
    flags="$flags -ffile-prefix-map=$here/corpus/app=app -ffile-prefix-map=$here/firmware=board -ffile-prefix-map=$here/device-library=device-library"
    case "$3" in
    *-lto) flags="$flags -flto" ;;
    esac
    warnings="-Wall -Wextra -Werror"
    script="-T $here/firmware/link.ld"
    objects=$(mktemp -d)
    # shellcheck disable=SC2086
    case "$2" in
    gcc)
        (cd "$here/corpus/app" && arm-none-eabi-gcc $flags $warnings "-DRELEASE=$1" "-DFIRMWARE_VERSION=\"$1.0.0\"" $CORPUS_INCLUDES \
            -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections -Wl,-z,max-page-size=256 $script \
            ./*.c lib/*.c $CORPUS_BOARD "$here"/device-library/*.c -lc -lgcc -o "$4/$1-$2-$3.elf")
        ;;
    clang)
        # The device library comes from GCC: its entry is a naked function with a body that clang refuses. The C library is the same one.
        for source in "$here"/device-library/*.c; do
            arm-none-eabi-gcc $(echo "$flags" | sed 's/-flto//; s/-O[^ ]*/-Os/') $warnings $CORPUS_INCLUDES -c "$source" -o "$objects/$(basename "$source").o"
        done
        (cd "$here/corpus/app" && for source in ./*.c lib/*.c $CORPUS_BOARD; do
            clang --target=thumbv7m-none-eabi -isystem /usr/include/newlib $flags $warnings "-DRELEASE=$1" "-DFIRMWARE_VERSION=\"$1.0.0\"" $CORPUS_INCLUDES \
                -c "$source" -o "$objects/$(basename "$source").o"
        done)
        ld.lld $script --gc-sections --build-id=sha1 -z max-page-size=256 --lto-O2 "$objects"/*.o \
            -L/usr/lib/arm-none-eabi/newlib/thumb/v7-m/nofp -L"$(dirname "$(arm-none-eabi-gcc -mthumb -mcpu=cortex-m3 -print-libgcc-file-name)")" \
            -lc -lgcc -o "$4/$1-$2-$3.elf"
        ;;
    esac
    rm -r "$objects"
}
