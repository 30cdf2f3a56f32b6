package io.feedroutes.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of the routes, edited as a person would in an editor. */
public final class Edits {

    /** Where the copy is. */
    public static final String FOLDER = "target/edited-routes";

    private static final Pattern BLOCK = Pattern.compile(
            "(?ms)^(?:Below `(?<below>[^`]+)` in|(?<end>At the end of)|New file) \\*\\*(?<file>[^*]+)\\*\\*:\n\n```\\w+\n(?<text>.*?)^```$");
    private static final Path ORIGINAL = Path.of("routes");
    private static final Path COPY = Path.of(FOLDER);

    private Edits() {}

    public static Edits ofACopy() {
        Edits edits = new Edits();
        edits.takeBack();
        return edits;
    }

    /** Saves another text in a file, which must have the one to be replaced, and returns what was there. */
    public String replace(String file, String text, String by) {
        String before = read(COPY.resolve(file));
        assertThat(before).contains(text);
        write(file, before.replace(text, by));
        return before;
    }

    /** Saves a file. */
    public void write(String file, String text) {
        try {
            Files.createDirectories(COPY.resolve(file).getParent());
            Files.writeString(COPY.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Saves a file of which only the beginning is there. */
    public void cut(String file, int length) {
        write(file, read(COPY.resolve(file)).substring(0, length));
    }

    public void delete(String file) {
        try {
            Files.delete(COPY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the copy like the original again. */
    public void takeBack() {
        files(COPY).filter(file -> !Files.exists(ORIGINAL.resolve(file))).forEach(this::delete);
        files(ORIGINAL).forEach(file -> write(file, read(ORIGINAL.resolve(file))));
    }

    /** What the routes find in the class path when it is not beside them. */
    public static String resource(String name) {
        return read(Path.of("src/main/resources", name));
    }

    /**
     * Saves what a page says: the block of code below each line such as {@code New file `routes/a.camel.yaml`:}.
     *
     * @return the Java of the page, which is saved in another folder
     */
    public Path follow(Path page, Path java) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(page));
        Path test = null;
        while (block.find()) {
            String file = block.group("file");
            String text = block.group("text");
            if (file.endsWith(".java")) {
                test = Files.writeString(java.resolve(Path.of(file).getFileName()), text);
            } else if (block.group("below") != null) {
                replace(beside(file), block.group("below") + "\n", block.group("below") + "\n" + text);
            } else if (block.group("end") != null) {
                write(beside(file), read(COPY.resolve(beside(file))) + text);
            } else {
                write(beside(file), text);
            }
        }
        return test;
    }

    private static String beside(String file) {
        return file.replaceFirst("^(routes|src/main/resources)/", "");
    }

    private static Stream<String> files(Path root) {
        if (!Files.exists(root)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
