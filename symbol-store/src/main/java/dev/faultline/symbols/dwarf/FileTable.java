package dev.faultline.symbols.dwarf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The files of one line table (DWARF 5, 6.2.4). Paths are joined when somebody asks for them: most files of a table are
 * headers without code.
 */
final class FileTable {
    private static final int MOST_CHARACTERS = 1 << 12;

    /** Paths of one table that are kept once they are joined. */
    private static final long MOST_KEPT_CHARACTERS = 4L << 20;

    private int version;
    private DebugTexts texts = NO_TEXTS;
    private String compilationDirectory = "";

    private int directories;
    private long[] directoryNames = new long[16];
    private @Nullable String[] directoryPaths = {};

    private int files;
    private long[] fileNames = new long[16];
    private int[] fileDirectories = new int[16];
    private @Nullable String[] paths = {};
    private long keptCharacters;

    private static final DebugTexts NO_TEXTS = handle -> "";

    void clear() {
        version = 0;
        directories = 0;
        files = 0;
        directoryPaths = new String[0];
        paths = new String[0];
        keptCharacters = 0;
    }

    /** A table begins; before DWARF 5 its directory 0 is the compilation's, which it does not name. */
    void begin(int version, DebugTexts texts, String compilationDirectory) {
        clear();
        this.version = version;
        this.texts = texts;
        this.compilationDirectory = compilationDirectory;
        if (version < 5) {
            addDirectory(DebugTexts.NONE);
        }
    }

    void addDirectory(long name) {
        if (directories == directoryNames.length) {
            directoryNames = Arrays.copyOf(directoryNames, 2 * directories);
        }
        directoryNames[directories++] = name;
    }

    void addFile(long name, long directory) {
        if (files == fileNames.length) {
            fileNames = Arrays.copyOf(fileNames, 2 * files);
            fileDirectories = Arrays.copyOf(fileDirectories, 2 * files);
        }
        fileNames[files] = name;
        fileDirectories[files++] = directory >= 0 && directory < Integer.MAX_VALUE ? (int) directory : -1;
    }

    /** A file whose path is joined already. */
    void addPath(String path) {
        addFile(DebugTexts.NONE, 0);
        if (paths.length < files) {
            paths = Arrays.copyOf(paths, 2 * files);
        }
        paths[files - 1] = path;
    }

    int directories() {
        return directories;
    }

    int count() {
        return files;
    }

    /** Which file a number of the table means: they count from 1 before DWARF 5, from 0 in it. */
    int number(long file) {
        long index = version < 5 ? file - 1 : file;
        return index >= 0 && index < files ? (int) index : UnitCode.NONE;
    }

    /** A file with its directory joined; as the compiler wrote it. */
    String path(int file) {
        if (paths.length < files) {
            paths = Arrays.copyOf(paths, files);
        }
        String path = paths[file];
        if (path == null) {
            path = join(directory(fileDirectories[file]), text(fileNames[file]));
            if (isKept(path)) {
                paths[file] = path;
            }
        }
        return path;
    }

    private String directory(int directory) {
        if (directory < 0 || directory >= directories) {
            return directory == 0 ? compilationDirectory : "";
        }
        if (directoryPaths.length < directories) {
            directoryPaths = Arrays.copyOf(directoryPaths, directories);
        }
        String path = directoryPaths[directory];
        if (path == null) {
            path = join(base(directory), text(directoryNames[directory]));
            if (isKept(path)) {
                directoryPaths[directory] = path;
            }
        }
        return path;
    }

    /**
     * What a directory counts from. Directory 0 of DWARF 5 is the compilation's own (6.2.4.1) and may be as relative as
     * that, where a compiler was told to leave the machine's paths out.
     */
    private String base(int directory) {
        if (version < 5) {
            return compilationDirectory;
        }
        if (directory == 0) {
            return isAbsolute(compilationDirectory) ? compilationDirectory : "";
        }
        return compilationDirectory.isEmpty() ? directory(0) : compilationDirectory;
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/") || (path.length() > 1 && path.charAt(1) == ':');
    }

    private boolean isKept(String path) {
        keptCharacters += path.length();
        return keptCharacters <= MOST_KEPT_CHARACTERS;
    }

    private String text(long handle) {
        return handle == DebugTexts.NONE ? "" : texts.text(handle);
    }

    /** A path that no system opens is cut: a long directory of many files would be written out for each. */
    static String join(String directory, String name) {
        String path = joined(directory, name);
        return path.length() <= MOST_CHARACTERS ? path : path.substring(0, MOST_CHARACTERS);
    }

    private static String joined(String directory, String name) {
        if (directory.isEmpty() || isAbsolute(name)) {
            return name;
        }
        return name.isEmpty() || directory.endsWith("/") ? directory + name : directory + "/" + name;
    }
}
