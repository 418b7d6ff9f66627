package dev.faultline.release;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A gate's run as CI servers show test results: a case for each rule. */
final class JUnitReport {
    private JUnitReport() {}

    static String of(GateRun run) {
        var text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            attribute(xml, "name", "gate %s: %s %s".formatted(run.gate(), run.software(), run.candidate()));
            attribute(xml, "tests", Integer.toString(run.decision().reasons().size()));
            attribute(xml, "failures", Long.toString(count(run, false)));
            attribute(xml, "skipped", Long.toString(count(run, true)));
            attribute(xml, "timestamp", run.askedAt().toString());
            for (GateDecision.Reason reason : run.decision().reasons()) {
                reason(xml, run, reason);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text in memory takes no XML", e);
        }
        return text.toString();
    }

    private static long count(GateRun run, boolean skipped) {
        return run.decision().reasons().stream()
                .filter(reason -> switch (reason.verdict()) {
                    case GO -> false;
                    case NO_GO, PAUSE -> !skipped;
                    case INSUFFICIENT -> skipped;
                })
                .count();
    }

    private static void reason(XMLStreamWriter xml, GateRun run, GateDecision.Reason reason) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute(xml, "classname", "gate." + run.gate());
        attribute(xml, "name", reason.rule().label());
        switch (reason.verdict()) {
            case GO -> {
                // it passes
            }
            case NO_GO, PAUSE -> {
                xml.writeStartElement("failure");
                attribute(xml, "type", reason.verdict().name());
                attribute(xml, "message", reason.text());
                xml.writeEndElement();
            }
            case INSUFFICIENT -> {
                xml.writeStartElement("skipped");
                attribute(xml, "message", reason.text());
                xml.writeEndElement();
            }
        }
        xml.writeEndElement();
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        // what XML 1.0 has no place for, clause 2.2
        xml.writeAttribute(
                name, value.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD"));
    }
}
