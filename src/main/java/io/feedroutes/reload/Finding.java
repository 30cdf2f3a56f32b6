package io.feedroutes.reload;

/**
 * What is wrong in a folder of routes.
 *
 * @param text what it is, and what to write instead
 */
record Finding(String file, int line, String text) {

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(file, line, text);
    }
}
