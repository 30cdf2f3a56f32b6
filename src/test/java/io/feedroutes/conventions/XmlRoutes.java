package io.feedroutes.conventions;

import java.io.Reader;
import java.util.ArrayList;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads routes in XML as the YAML that says the same, in the lines of the XML. */
final class XmlRoutes {

    private static final String LANGUAGES = "constant|simple|jq|method|header|variable|exchangeProperty|tokenize";
    private static final String PARTS_OF_A_STEP = "otherwise|onFallback|doFinally|json|onWhen";
    private static final String SEVERAL_IN_A_STEP = "when|doCatch";

    private final XMLStreamReader xml;

    private XmlRoutes(XMLStreamReader xml) {
        this.xml = xml;
    }

    /** @return a list of what is below the root */
    static Node compose(Reader file) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        XMLStreamReader xml = factory.createXMLStreamReader(file);
        xml.nextTag();
        XmlRoutes routes = new XmlRoutes(xml);
        SequenceNode all = routes.list();
        while (xml.nextTag() == XMLStreamReader.START_ELEMENT) {
            all.getValue().add(routes.step());
        }
        return all;
    }

    private Node step() throws XMLStreamException {
        MappingNode step = map();
        put(step, xml.getLocalName(), element());
        return step;
    }

    private Node element() throws XMLStreamException {
        String name = xml.getLocalName();
        MappingNode element = map();
        MappingNode withSteps = element;
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            attribute(element, xml.getAttributeLocalName(i), xml.getAttributeValue(i));
        }
        while (xml.next() != XMLStreamReader.END_ELEMENT) {
            if (xml.isCharacters() && !xml.isWhiteSpace()) {
                put(element, "expression", text(xml.getText().strip()));
            } else if (xml.isStartElement()) {
                String child = xml.getLocalName();
                if (child.equals("from")) {
                    withSteps = (MappingNode) element();
                    put(element, child, withSteps);
                } else if (child.matches(LANGUAGES)) {
                    put(element, "expression", step());
                } else if (child.matches(PARTS_OF_A_STEP)) {
                    put(element, child, element());
                } else if (child.matches(SEVERAL_IN_A_STEP)) {
                    add(element, child, element());
                } else if (name.equals("setVariables")) {
                    add(element, "variables", element());
                } else {
                    add(withSteps, "steps", step());
                }
            }
        }
        return element;
    }

    private void attribute(MappingNode element, String name, String value) {
        put(element, name, text(name.equals("uri") ? value.replaceFirst("\\?.*", "") : value));
        if (name.equals("uri") && value.contains("?")) {
            MappingNode parameters = map();
            Stream.of(value.replaceFirst(".*?\\?", "").split("&"))
                    .map(option -> option.split("=", 2))
                    .forEach(option -> put(parameters, option[0], text(option[option.length - 1])));
            put(element, "parameters", parameters);
        }
    }

    private void add(MappingNode element, String name, Node item) {
        Node list = element.getValue().stream()
                .filter(entry -> ((ScalarNode) entry.getKeyNode()).getValue().equals(name))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElseGet(() -> put(element, name, list()));
        ((SequenceNode) list).getValue().add(item);
    }

    private Node put(MappingNode element, String name, Node value) {
        element.getValue()
                .add(new NodeTuple(
                        new ScalarNode(Tag.STR, name, value.getStartMark(), null, ScalarStyle.PLAIN), value));
        return value;
    }

    private MappingNode map() {
        return new MappingNode(Tag.MAP, true, new ArrayList<>(), here(), null, FlowStyle.BLOCK);
    }

    private SequenceNode list() {
        return new SequenceNode(Tag.SEQ, true, new ArrayList<>(), here(), null, FlowStyle.BLOCK);
    }

    private Node text(String text) {
        return new ScalarNode(Tag.STR, text, here(), null, ScalarStyle.PLAIN);
    }

    private Mark here() {
        return new Mark("", 0, xml.getLocation().getLineNumber() - 1, 0, new int[0], 0);
    }
}
