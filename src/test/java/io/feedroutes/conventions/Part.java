package io.feedroutes.conventions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A part of a YAML file, or of one with routes in XML, that knows where it stands; what is not there is a part without content. */
public record Part(String file, Part parent, String key, int line, Node node) {

    static Part of(Path root, Path file) {
        try (var reader = Files.newBufferedReader(file)) {
            Node node = file.toString().endsWith(".xml")
                    ? XmlRoutes.compose(reader)
                    : new Yaml(new LoaderOptions()).compose(reader);
            return new Part(root.relativize(file).toString(), null, "", 1, node == null ? nothing() : node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XMLStreamException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    /** The file as a validator of JSON reads it, with what an alias stands for. */
    JsonNode json(Path root) {
        try (var reader = Files.newBufferedReader(root.resolve(file))) {
            return new ObjectMapper().valueToTree(new Yaml(new LoaderOptions()).load(reader));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node nothing() {
        return new ScalarNode(Tag.NULL, "", null, null, ScalarStyle.PLAIN);
    }

    /** What is under this part: the values of a map, the items of a list. */
    public List<Part> parts() {
        if (node instanceof MappingNode map) {
            return map.getValue().stream()
                    .map(entry -> part(
                            ((ScalarNode) entry.getKeyNode()).getValue(), entry.getKeyNode(), entry.getValueNode()))
                    .toList();
        }
        return node instanceof SequenceNode list
                ? list.getValue().stream().map(item -> part("", item, item)).toList()
                : List.of();
    }

    private Part part(String name, Node start, Node value) {
        return new Part(file, this, name, start.getStartMark().getLine() + 1, value);
    }

    public Part get(String... path) {
        Part part = this;
        for (String name : path) {
            Part in = part;
            part = in.parts().stream()
                    .filter(p -> p.key.equals(name))
                    .findFirst()
                    .orElse(new Part(file, in, name, in.line, nothing()));
        }
        return part;
    }

    public String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Written in braces, and not empty. */
    boolean isFlow() {
        return node instanceof CollectionNode<?> some
                && some.getFlowStyle() == FlowStyle.FLOW
                && !some.getValue().isEmpty();
    }

    /** This part and all that is under it. */
    Stream<Part> all() {
        return Stream.concat(Stream.of(this), parts().stream().flatMap(Part::all));
    }

    Stream<Part> all(String name) {
        return all().filter(part -> part.key.equals(name));
    }

    /** The steps of a route, at any depth. */
    List<Part> steps() {
        return all("steps")
                .flatMap(steps -> steps.parts().stream())
                .flatMap(item -> item.parts().stream())
                .toList();
    }

    /** How many lists of steps are within one another; a transaction is a frame, and no further one. */
    int nesting() {
        boolean counts = key.equals("steps") && !parent.key.equals("policy");
        return parts().stream().mapToInt(Part::nesting).max().orElse(0) + (counts ? 1 : 0);
    }

    /** The name of the file. */
    String name() {
        return file.replaceAll(".*/|[.]camel[.](yaml|xml)$", "");
    }

    /** Whether this part is, or is under, one that has such a name. */
    boolean isIn(String names) {
        return key.matches(names) || parent != null && parent.isIn(names);
    }

    /** The names above and of this part, as in {@code feed.batch-size}. */
    String path() {
        return parent.parent == null ? key : parent.path() + "." + key;
    }

    /** The id of the route or route configuration that this part is in. */
    String owner() {
        return key.matches("route|routeConfiguration") ? get("id").text() : parent == null ? "" : parent.owner();
    }

    /** The part that a validator names, as in {@code /0/route/id}. */
    Part at(String pointer) {
        Part part = this;
        for (String name : pointer.substring(1).split("/")) {
            part = part.isList() ? part.parts().get(Integer.parseInt(name)) : part.get(name);
        }
        return part;
    }

    public String says(String violation) {
        return file + ":" + line + ": " + violation;
    }
}
