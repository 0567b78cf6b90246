package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void everyCommandExplainsItself() {
    for (String command : List.of("compare", "train", "replay", "optimizers")) {
      ProgramRun help = ProgramRun.run(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).startsWith("Usage: glissade " + command);
    }
    assertThat(ProgramRun.run("--help").out()).contains("compare", "train", "replay", "optimizers");
    assertThat(ProgramRun.run("--version").out()).startsWith("glissade ");
    assertThat(ProgramRun.run().code()).isEqualTo(2);
  }

  @Test
  void compareShowsATableAndWritesAReport() throws IOException {
    Path report = folder.resolve("a/report");
    ProgramRun compare =
        ProgramRun.run(
            "compare",
            "--optimizers=adamw,mechanize(sgd),dpsgd",
            "--epochs=2",
            "--seeds=1",
            "--report=" + report);
    assertThat(compare.code()).as(compare.err()).isZero();
    assertThat(compare.out()).contains("MLP 64-64-10", "mechanize(sgd)", "report: " + report);
    assertThat(compare.err()).contains("[3/3] ");
    assertThat(Files.readString(report.resolve("index.html"))).contains("mechanize(sgd)");
    JsonNode results = JSON.readTree(report.resolve("results.json").toFile());
    assertThat(results.at("/schedule").asText()).isEqualTo("cosine");
    assertThat(results.at("/runs/0/optimizer/args/learning_rate/name").asText())
        .isEqualTo("cosine_decay_schedule");
    assertThat(results.at("/runs/1/step_sizes").size()).isEqualTo(2 * 34);
    assertThat(results.at("/runs/2/notes").toString())
        .contains("Epsilon holds at delta 1e-5", "It does not count what the scaling of columns");
    assertThat(results.at("/runs/0/notes").toString()).doesNotContain("Epsilon");
  }

  @Test
  void numberOfThreadsChangesNothing() throws IOException {
    assertThat(results(1)).isEqualTo(results(2));
  }

  private String results(int threads) throws IOException {
    Path report = folder.resolve("threads" + threads);
    ProgramRun compare =
        ProgramRun.run(
            "compare",
            "--optimizers=prodigy,sam,dpsgd,noisy_sgd",
            "--epochs=1",
            "--seeds=2",
            "--threads=" + threads,
            "--report=" + report);
    assertThat(compare.code()).as(compare.err()).isZero();
    JsonNode runs = JSON.readTree(report.resolve("results.json").toFile()).get("runs");
    for (JsonNode timed : runs.findParents("seconds")) {
      ((ObjectNode) timed).remove("seconds");
    }
    runs.forEach(run -> run.get("seeds").forEach(seed -> ((ObjectNode) seed).remove("seconds")));
    return runs.toString();
  }

  @Test
  void divergenceIsShownAndTheOthersGoOn() {
    ProgramRun compare =
        ProgramRun.run(
            "compare", "--optimizers=sgd(learning_rate=1e30),sgd", "--epochs=1", "--seeds=2");
    assertThat(compare.code()).as(compare.err()).isZero();
    assertThat(compare.out()).containsPattern("sgd\\(learning_rate=1e30\\) +diverged");
    assertThat(compare.out())
        .containsPattern("sgd +0\\.\\d+ +\\d\\d\\.\\d\\d ± \\d\\.\\d\\d % +best ");
  }

  @Test
  void trainWritesAModel() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(file, "old");
    ProgramRun train = ProgramRun.run("train", "--optimizer=sgd", "--epochs=2", "--out=" + file);
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.out()).containsPattern("sgd: train loss 0\\.\\d+, test accuracy \\d\\d\\.");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertThat(length % 8).isZero();
    JsonNode header = JSON.readTree(Arrays.copyOfRange(bytes.array(), 8, 8 + length));
    assertThat(header.at("/__metadata__/model").asText()).isEqualTo("MLP 64-64-10");
    assertThat(header.at("/__metadata__/optimizer").asText()).contains("\"sgd\"");
    assertThat(header.at("/dense0~1kernel/shape").toString()).isEqualTo("[64,64]");
    assertThat(header.at("/dense1~1kernel/data_offsets/1").asLong())
        .isEqualTo(4L * (64 * 64 + 64 + 64 * 10 + 10))
        .isEqualTo(bytes.capacity() - 8L - length);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void otherDataAndModels() throws IOException {
    StringBuilder csv = new StringBuilder("x,kind,y\n");
    for (int i = 0; i < 80; i++) {
      csv.append("%d,%s,%d%n".formatted(i % 7, i % 7 > 3 ? "high" : "low", i % 3));
    }
    Path data = folder.resolve("points.csv");
    Files.writeString(data, csv.toString(), StandardCharsets.UTF_8);
    ProgramRun compare =
        ProgramRun.run(
            "compare",
            "--data=" + data,
            "--label=kind",
            "--model=softmax",
            "--schedule=warmup_cosine",
            "--batch=1000",
            "--epochs=60",
            "--optimizers=cocob");
    assertThat(compare.code()).as(compare.err()).isZero();
    assertThat(compare.out())
        .contains("48 train, 16 validation and 16 test", "linear model 2-2", "100.00 %");
  }

  @Test
  void optimizersAreListed() throws IOException {
    ProgramRun list = ProgramRun.run("optimizers");
    assertThat(list.out()).contains("  cocob(learning_rate=1.0, alpha=100.0", "preset: {");
    assertThat(list.out()).contains("sgdr_schedule(cosine_kwargs)");
    JsonNode json = JSON.readTree(ProgramRun.run("optimizers", "--json").out());
    assertThat(json.get("schedules").size()).isGreaterThan(10);
    assertThat(json.get("functions").findValuesAsText("name")).contains("step_below", "max_abs");
    assertThat(json.get("optimizers").findValuesAsText("name")).contains("prodigy", "sam");
  }
}
