package dev.faultline.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every manifest, through the types of the Kubernetes API. */
class ManifestsTest {
    private static final Path K8S = Path.of("../k8s");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new OnlyDeclaredFields())
            .build();
    private static final Map<String, Class<?>> KINDS = Map.of(
            "ConfigMap", ConfigMap.class,
            "Deployment", Deployment.class,
            "PersistentVolumeClaim", PersistentVolumeClaim.class,
            "Service", Service.class);
    private static final Set<String> KUSTOMIZATION_FIELDS =
            Set.of("apiVersion", "kind", "resources", "patches", "images");

    /** The model keeps fields it does not know in a map; then a slip of the pen would pass. */
    private static final class OnlyDeclaredFields extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    static Stream<Path> manifests() throws IOException {
        return yamlFiles().filter(file -> !file.endsWith("kustomization.yaml"));
    }

    static Stream<Path> kustomizations() throws IOException {
        return yamlFiles().filter(file -> file.endsWith("kustomization.yaml"));
    }

    private static Stream<Path> yamlFiles() throws IOException {
        try (Stream<Path> files = Files.walk(K8S)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestHasOnlyFieldsThatKubernetesKnows(Path manifest) throws IOException {
        JsonNode document = YAML.readTree(manifest.toFile());

        assertThat(document.path("kind").asText()).isIn(KINDS.keySet());
        YAML.treeToValue(document, KINDS.get(document.path("kind").asText()));
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowIsRefused() throws IOException {
        String manifest = Files.readString(K8S.resolve("base/deployment.yaml"));

        assertThatThrownBy(() -> YAML.readValue(
                        manifest.replace("readOnlyRootFilesystem:", "readOnlyRootFileSystem:"), Deployment.class))
                .hasMessageContaining("readOnlyRootFileSystem");
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void aKustomizationNamesEveryManifestBesideItAndNothingElse(Path kustomization) throws IOException {
        JsonNode document = YAML.readTree(kustomization.toFile());
        Path directory = kustomization.getParent();

        assertThat(document.fieldNames()).toIterable().isSubsetOf(KUSTOMIZATION_FIELDS);
        Stream<String> resources = texts(document.path("resources"));
        Stream<String> patches = Stream.of(document.path("patches"))
                .flatMap(list ->
                        list.valueStream().map(patch -> patch.path("path").asText()));
        List<String> named = Stream.concat(resources, patches).toList();
        assertThat(named).allSatisfy(name -> assertThat(directory.resolve(name)).exists());
        try (Stream<Path> beside = Files.list(directory)) {
            assertThat(named.stream().filter(name -> !name.startsWith("..")))
                    .containsExactlyInAnyOrderElementsOf(
                            beside.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.equals("kustomization.yaml"))
                                    .toList());
        }
    }

    @Test
    void thePodRunsAsAnOrdinaryUserWithinOneGigabyteOnAReadOnlyFileSystem() throws IOException {
        Deployment deployment =
                YAML.readValue(K8S.resolve("base/deployment.yaml").toFile(), Deployment.class);
        var pod = deployment.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getResources().getLimits().get("memory").getNumericalAmount())
                .isLessThanOrEqualTo(java.math.BigDecimal.valueOf(1L << 30));
        assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/q/health/started");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
    }

    @Test
    void whatTheDeploymentRefersToExists() throws IOException {
        Deployment deployment =
                YAML.readValue(K8S.resolve("base/deployment.yaml").toFile(), Deployment.class);
        ConfigMap settings = YAML.readValue(K8S.resolve("base/configmap.yaml").toFile(), ConfigMap.class);
        Service service = YAML.readValue(K8S.resolve("base/service.yaml").toFile(), Service.class);
        PersistentVolumeClaim claim =
                YAML.readValue(K8S.resolve("base/persistentvolumeclaim.yaml").toFile(), PersistentVolumeClaim.class);
        var template = deployment.getSpec().getTemplate();
        Container container = template.getSpec().getContainers().getFirst();

        assertThat(template.getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(container.getEnvFrom().getFirst().getConfigMapRef().getName())
                .isEqualTo(settings.getMetadata().getName());
        assertThat(template.getSpec().getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
                .containsExactly(claim.getMetadata().getName());
        assertThat(container.getVolumeMounts())
                .extracting(mount -> mount.getName())
                .containsExactlyElementsOf(template.getSpec().getVolumes().stream()
                        .map(Volume::getName)
                        .toList());
        assertThat(container.getVolumeMounts().getFirst().getMountPath())
                .isEqualTo(settings.getData().get("FAULTLINE_DATA_DIR"));
        assertThat(settings.getData()).containsEntry("FAULTLINE_AUTH", "on");
    }

    @Test
    void noSecretIsInTheManifests() throws IOException {
        try (Stream<Path> files = yamlFiles()) {
            assertThat(files).allSatisfy(file -> {
                JsonNode document = YAML.readTree(file.toFile());
                assertThat(document.path("kind").asText()).isNotEqualTo("Secret");
                assertThat(document.findValues("env").stream().flatMap(JsonNode::valueStream))
                        .filteredOn(variable -> variable.path("name").asText().matches(".*(PASSWORD|TOKEN|SECRET).*"))
                        .allSatisfy(variable -> assertThat(
                                        variable.path("valueFrom").has("secretKeyRef"))
                                .isTrue());
            });
        }
    }

    private static Stream<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText);
    }
}
