package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons and sweeps of models that predict a number. */
class RegressionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path table;

  /** price = 100 + 20 size - 5 age and a little noise, so a linear model explains nearly all. */
  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("size,age,price\n");
    for (int i = 0; i < 200; i++) {
      double size = random.nextDouble(1, 9);
      double age = random.nextDouble(0, 30);
      double price = 100 + 20 * size - 5 * age + random.nextGaussian();
      csv.append(String.format(Locale.ROOT, "%.3f,%.3f,%.3f%n", size, age, price));
    }
    table = Files.writeString(folder.resolve("houses.csv"), csv);
  }

  private ProgramRun run(String command, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--data=" + table, "--task=regression", "--model=linear"));
    arguments.addAll(List.of("--epochs=10", "--seeds=2"));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  @Test
  void optimizersAreComparedByR2() throws IOException {
    ProgramRun compare = run("compare", "--optimizers=sgd,prodigy", "--report=" + folder);
    assertThat(compare.code()).as(compare.err()).isZero();
    assertThat(compare.out())
        .startsWith(
            "houses.csv: 120 train, 40 validation and 40 test examples, regression of price, linear"
                + " model 2-1, 10 epochs")
        .contains("train loss", "  test R2  ")
        .containsPattern("sgd +\\S+ +0\\.9\\d{3} ± 0\\.\\d{4} ")
        .doesNotContain("%", "accuracy");
    assertThat(compare.err()).contains("test R2 0.9").doesNotContain("accuracy");
    JsonNode results = JSON.readTree(folder.resolve("results.json").toFile());
    assertThat(results.at("/data/task").asText()).isEqualTo("regression");
    assertThat(results.at("/data/label").asText()).isEqualTo("price");
    assertThat(results.at("/data/classes").isNull()).isTrue();
    JsonNode sgd = results.at("/runs/0");
    assertThat(sgd.get("test_r2").asDouble()).isBetween(0.9, 1.0);
    assertThat(sgd.at("/seeds/1/test_r2").asDouble()).isBetween(0.9, 1.0);
    assertThat(sgd.get("validation_scores")).hasSize(10);
    assertThat(sgd.at("/notes/0").asText())
        .matches("Means of 2 seeds; test R2 from 0\\.9\\d{3} to 0\\.9\\d{3}\\.");
    assertThat(results.findValues("test_accuracy")).isEmpty();
    assertThat(Files.readString(folder.resolve("results.csv")))
        .startsWith("optimizer,seed,validation_r2,validation_loss,test_r2,");
    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("<h2>Validation R2 ", "<dt>label</dt><dd><bdi>price<")
        .doesNotContainIgnoringCase("accuracy");
  }

  @Test
  void sweepsAreJudgedByR2OrByTheLoss() throws IOException {
    Path picture = folder.resolve("picture.svg");
    String[] range = {"--optimizers=sgd", "--over=learning_rate=1e-4..0.1", "--points=3"};
    ProgramRun sweep =
        run("sweep", range[0], range[1], range[2], "--out=" + picture, "--report=" + folder);
    assertThat(sweep.code()).as(sweep.err()).isZero();
    assertThat(sweep.out())
        .contains("test R2  at learning rate")
        .containsPattern("sgd +0\\.9\\d{3} ± 0\\.\\d{4} +0.1 +0.1 +6 ");
    assertThat(picture).content().contains("Test R2 on houses.csv").doesNotContain("%<");
    JsonNode results = JSON.readTree(folder.resolve("results.json").toFile());
    assertThat(results.get("metric").asText()).isEqualTo("test_r2");
    assertThat(results.at("/lines/0/points/2/test_r2").asDouble()).isGreaterThan(0.9);
    assertThat(results.at("/lines/0/points/2").has("test_r2_deviation")).isTrue();
    assertThat(results.findValues("test_accuracy")).isEmpty();
    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("Test R2 over learning rate", "within 0.01 of the best test R2 in the table")
        .doesNotContainIgnoringCase("accuracy");
    ProgramRun loss =
        run("sweep", range[0], range[1], range[2], "--metric=loss", "--out=" + picture, "--json");
    assertThat(loss.code()).as(loss.err()).isZero();
    JsonNode plain = JSON.readTree(loss.out());
    assertThat(plain.get("metric").asText()).isEqualTo("test_loss");
    assertThat(plain.at("/lines/0/points/2/seeds/0").has("test_r2")).isTrue();
    assertThat(picture).content().contains("Test loss on houses.csv");
  }

  @Test
  void wrongLabelsNeedClasses() {
    ProgramRun noise = run("sweep", "--optimizers=sgd", "--over=label_noise=0..0.4", "--points=2");
    assertThat(noise.code()).isEqualTo(2);
    assertThat(noise.err()).contains("--over must not be label_noise for regression");
  }
}
