package dev.faultline.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.access.Project;
import dev.faultline.adoption.Finding;
import dev.faultline.adoption.FindingDevice;
import dev.faultline.adoption.FindingDevices;
import dev.faultline.crash.CrashQuery;
import dev.faultline.crash.CrashRow;
import dev.faultline.crash.Crashes;
import dev.faultline.fleet.Device;
import dev.faultline.fleet.DeviceDetail;
import dev.faultline.fleet.DeviceFilter;
import dev.faultline.fleet.Devices;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.search.SearchQuery;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From devices as they are known to the pages that show them. */
@RequestScoped
class DevicePages {
    static final List<String> PARAMETERS =
            List.of("name", "software", "version", "hardware", "cohort", "finding", "after");

    private static final int ROWS = 50;
    private static final int CRASHES = 50;

    private final Visit visit;
    private final Devices devices;
    private final FindingDevices findingDevices;
    private final Crashes crashes;
    private final Offers offers;

    DevicePages(Visit visit, Devices devices, FindingDevices findingDevices, Crashes crashes, Offers offers) {
        this.visit = visit;
        this.devices = devices;
        this.findingDevices = findingDevices;
        this.crashes = crashes;
        this.offers = offers;
    }

    DevicesPage list(Project project, Filters filters, Instant now) {
        Finding.Kind kind = kind(filters.get("finding"));
        Page<DevicesPage.Line> lines;
        if (kind == null) {
            var filter = new DeviceFilter(
                    filters.get("name"),
                    filters.get("software"),
                    filters.get("version"),
                    filters.get("hardware"),
                    filters.get("cohort"));
            Page<Device> found = devices.list(project.id(), filter, ROWS, filters.get("after"));
            lines = new Page<>(
                    found.items().stream()
                            .map(device -> line(project, device, now))
                            .toList(),
                    found.next());
        } else {
            Page<FindingDevice> found = findingDevices.of(
                    project, kind, filters.text("software"), filters.get("version"), filters.get("after"), ROWS, now);
            lines = new Page<>(
                    found.items().stream()
                            .map(device -> line(project, device, now))
                            .toList(),
                    found.next());
        }
        Offered offered = offers.of(project.id());
        Address all = Address.ofProject(project.name(), "devices");
        return new DevicesPage(
                visit.shell("Devices", project.name(), Shell.Section.DEVICES),
                all.toString(),
                filters.text("name"),
                List.of(
                        Choice.of("software", "Software", "all", offered.software(), filters.get("software")),
                        offered.choice("version", "Runs", "all", filters.text("software"), filters.get("version")),
                        Choice.of("hardware", "Hardware", "all", offered.hardware(), filters.get("hardware")),
                        Choice.of("finding", "Finding", "any", kinds(), filters.get("finding"))),
                kind == null ? null : ReleasePages.badge(kind).meaning(),
                lines.items(),
                filters.narrow(),
                all.toString(),
                lines.next() == null
                        ? null
                        : filters.on(all).with("after", lines.next()).toString(),
                Commands.firstCrash(project).getLast());
    }

    private static List<String> kinds() {
        return Arrays.stream(Finding.Kind.values()).map(Finding.Kind::label).toList();
    }

    private static Finding.@Nullable Kind kind(@Nullable String label) {
        if (label == null) {
            return null;
        }
        return Finding.Kind.named(label)
                .orElseThrow(
                        () -> Problem.badRequest("bad-parameter", "Nothing that is found has the name %s.", label));
    }

    private static DevicesPage.Line line(Project project, Device device, Instant now) {
        return new DevicesPage.Line(
                device.name(),
                address(project, device.name()),
                device.version() == null ? "unknown" : device.software() + " " + device.version(),
                shown(device.hardware()),
                shown(device.cohort()),
                null,
                new Moment(device.lastSeen(), now));
    }

    private static DevicesPage.Line line(Project project, FindingDevice device, Instant now) {
        return new DevicesPage.Line(
                device.name(),
                address(project, device.name()),
                device.version() == null ? "unknown" : device.version(),
                shown(device.hardware()),
                shown(device.cohort()),
                device.what(),
                new Moment(device.lastSeen(), now));
    }

    private static String address(Project project, String device) {
        return Address.ofProject(project.name(), "devices", device).toString();
    }

    private static String shown(@Nullable String name) {
        return name == null || name.isEmpty() ? "–" : name;
    }

    DevicePage page(Project project, String name, Instant now) {
        DeviceDetail detail = devices.find(project.id(), project.name(), name)
                .orElseThrow(() -> Problem.notFound("device-not-found", "No device has the name %s.", name));
        Device device = detail.device();
        List<CrashPage.Fact> facts = new ArrayList<>();
        facts.add(CrashPage.Fact.of(
                "Runs", device.version() == null ? "unknown" : device.software() + " " + device.version()));
        facts.add(CrashPage.Fact.of("Hardware", shown(device.hardware())));
        facts.add(CrashPage.Fact.of("Cohort", shown(device.cohort())));
        var last = detail.lastHeartbeat();
        if (last != null && last.uptime() != null) {
            facts.add(CrashPage.Fact.of("Up for", Words.uptime(Math.round(last.uptime() * 1000))));
        }
        if (last != null) {
            facts.add(CrashPage.Fact.of("Boot", last.boot()));
        }
        return new DevicePage(
                visit.shell(name, project.name(), Shell.Section.DEVICES),
                name,
                facts,
                new Moment(device.firstSeen(), now),
                new Moment(device.lastSeen(), now),
                detail.history().stream()
                        .map(change -> new DevicePage.Change(
                                new Moment(change.since(), now),
                                change.software(),
                                change.version(),
                                shown(change.hardware()),
                                shown(change.cohort())))
                        .toList(),
                events(project, detail, now),
                members(device.attributes()),
                last == null ? List.of() : members(last.metrics()),
                last == null ? null : new Moment(last.at(), now),
                Address.ofProject(project.name(), "crashes")
                        .with("device", name)
                        .toString());
    }

    private List<DevicePage.Event> events(Project project, DeviceDetail detail, Instant now) {
        List<DevicePage.Event> events = new ArrayList<>();
        for (DeviceDetail.Reboots reboots : detail.reboots()) {
            List<String> words = new ArrayList<>();
            for (Map.Entry<String, JsonNode> reason : reboots.reasons().properties()) {
                long count = reason.getValue().asLong();
                words.add(count == 1 ? reason.getKey() : reason.getKey() + " × " + Words.number(count));
            }
            events.add(new DevicePage.Event(
                    new Moment(reboots.at(), now),
                    new Badge("reboot", Tone.PLAIN, "As a heartbeat reports it"),
                    "%s, on %s %s".formatted(String.join(", ", words), reboots.software(), reboots.version()),
                    null));
        }
        var query = new CrashQuery(
                null,
                detail.device().name(),
                null,
                null,
                null,
                null,
                null,
                null,
                SearchQuery.everything(),
                null,
                CRASHES);
        for (CrashRow crash : crashes.list(project.id(), query, now).items()) {
            events.add(new DevicePage.Event(
                    new Moment(crash.effectiveAt(), now),
                    new Badge("crash", Tone.RED, "A coredump that it sent"),
                    crash.fault() == null ? crash.state().label() : crash.fault(),
                    Address.ofProject(project.name(), "crashes", crash.id().toString())
                            .toString()));
        }
        events.sort(Comparator.comparing((DevicePage.Event event) -> event.at().at())
                .reversed());
        return events;
    }

    private static List<CrashPage.Fact> members(@Nullable JsonNode node) {
        List<CrashPage.Fact> facts = new ArrayList<>();
        if (node != null) {
            node.properties()
                    .forEach(member -> facts.add(
                            CrashPage.Fact.of(member.getKey(), member.getValue().asText())));
        }
        return facts;
    }
}
