package dev.faultline;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class StartTest {

    @Test
    void aFreshStartIsReadyOnItsDatabase() {
        when().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }
}
