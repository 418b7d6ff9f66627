# Sourced by mvnw and faultline: leaves JAVA_HOME at a JDK of version 25 or newer, or ends with one sentence.
# The default java of a machine may be older: Quarkus augments inside Maven's own JVM, so the whole build needs the JDK.

fits() {
    [ -x "$1/bin/javac" ] || return 1
    # the file every JDK has beside bin: asking javac starts a JVM, on each command of the user
    major=$(sed -nE 's/^JAVA_VERSION="([0-9]+).*/\1/p' "$1/release" 2>/dev/null || true)
    if [ -z "$major" ]; then
        major=$("$1/bin/javac" -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p')
    fi
    [ "${major:-0}" -ge 25 ]
}

find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && fits "$JAVA_HOME"; then
        return
    fi
    on_path=$(command -v javac || true)
    if [ -n "$on_path" ]; then
        on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
        on_path=${on_path%/bin/javac}
    fi
    for home in "$on_path" \
        /usr/lib/jvm/* \
        "$HOME"/.sdkman/candidates/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if [ -n "$home" ] && fits "$home"; then
            JAVA_HOME=$home
            return
        fi
    done
    echo "Faultline needs a JDK 25 or newer: install one (Debian: temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME to it." >&2
    exit 1
}

find_jdk
export JAVA_HOME
