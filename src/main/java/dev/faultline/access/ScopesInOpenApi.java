package dev.faultline.access;

import io.quarkus.security.PermissionsAllowed;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the OpenAPI document what each operation wants: the scope of its {@code @PermissionsAllowed} as
 * {@code x-required-scope}, and how to send credentials. Pages for people are left out of it.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ScopesInOpenApi implements OASFilter {
    private static final String BEARER = "token";
    private static final String KEY = "projectKey";

    /** By operation id, which the configuration makes of package, class and method. */
    private final Map<String, String> scopes = new HashMap<>();

    /** Quarkus hands the index of the application in. */
    public ScopesInOpenApi(IndexView index) {
        for (AnnotationInstance permission : index.getAnnotations(PermissionsAllowed.class)) {
            if (permission.target().kind() == AnnotationTarget.Kind.METHOD) {
                MethodInfo method = permission.target().asMethod();
                scopes.put(
                        method.declaringClass().name() + "_" + method.name(),
                        String.join(" ", permission.value().asStringArray()));
            }
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        List<String> pages = document.getPaths().getPathItems().keySet().stream()
                .filter(path -> !path.startsWith("/api/"))
                .toList();
        pages.forEach(document.getPaths()::removePathItem);
        document.setComponents(
                (document.getComponents() == null ? OASFactory.createComponents() : document.getComponents())
                        .addSecurityScheme(
                                BEARER,
                                OASFactory.createSecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API token or a project key; not needed in local mode."))
                        .addSecurityScheme(
                                KEY,
                                OASFactory.createSecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("X-Faultline-Key")
                                        .description("A project key, as devices send it; not needed in local mode.")));
    }

    @Override
    public @Nullable Operation filterOperation(Operation operation) {
        String scope = scopes.get(operation.getOperationId());
        if (scope == null) {
            return operation;
        }
        operation.addExtension("x-required-scope", scope);
        var wanted = OASFactory.createSecurityRequirement().addScheme(BEARER);
        operation.setSecurity(
                scope.equals(Scope.INGEST)
                        ? List.of(wanted, OASFactory.createSecurityRequirement().addScheme(KEY))
                        : List.of(wanted));
        return operation;
    }
}
