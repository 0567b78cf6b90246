package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names from outside can't steer the terminal, wherever they are printed. */
class ForeignTextTest {
  /** Escape, the 8-bit introducer of sequences, bell, return, and an override of direction. */
  private static final String HOSTILE = "a\u001bc\u009b2J\u0007\r\u202e\u2028b";

  private static final String ROWS = "-1,2,u\n1,1,v\n-2,2,u\n2,1,v\n-3,1,u\n3,2,v\n";

  @TempDir private Path folder;

  private static void assertHarmless(String text) {
    assertThat(text).isNotEmpty();
    assertThat(text.replaceAll("[\n\t]", "")).doesNotContainPattern("[\\p{Cc}\\p{Cf}\u2028\u2029]");
  }

  private static void assertHarmless(ProgramRun program, int code) {
    assertThat(program.code()).as(program.err()).isEqualTo(code);
    assertHarmless(program.err() + program.out() + " ");
  }

  private String hostile(String extension, String content) throws IOException {
    return Files.writeString(folder.resolve(HOSTILE + extension), content).toString();
  }

  @Test
  void filesFoldersColumnsAndOptimizers() throws IOException {
    String data = hostile(".csv", "x," + HOSTILE.replace("\r", "") + ",class\n" + ROWS);
    String optimizer = hostile(".json", "{\"name\": \"sgd\", \"args\": {\"learning_rate\": 0.1}}");
    Path report = folder.resolve(HOSTILE + "report");
    ProgramRun compare =
        ProgramRun.run(
            "compare",
            "--data=" + data,
            "--optimizers=" + optimizer + ",sgd",
            "--epochs=1",
            "--report=" + report);
    assertHarmless(compare, 0);
    assertHarmless(Files.readString(report.resolve("results.json")));
    String page = Files.readString(report.resolve("index.html"));
    assertHarmless(page.replaceAll("(?s)<script>.*?</script>", ""));
    JsonNode results = new ObjectMapper().readTree(report.resolve("results.json").toFile());
    assertThat(results.at("/data/name").asText()).isEqualTo(HOSTILE + ".csv");
    Path out = folder.resolve(HOSTILE + "model");
    String[] train = {"train", "--data=" + data, "--optimizer=" + optimizer, "--epochs=1"};
    assertHarmless(ProgramRun.run(train[0], train[1], train[2], train[3], "--out=" + out), 0);
    assertHarmless(ProgramRun.run("inspect", out.toString()), 0);
    assertHarmless(ProgramRun.run("inspect", "--json", out.toString()), 0);
    assertHarmless(ProgramRun.run(train[0], train[1], train[2], "--label=" + HOSTILE), 2);
    assertHarmless(ProgramRun.run(train[0], train[1], "--optimizer=sgd(" + HOSTILE + "=1)"), 2);
    assertHarmless(ProgramRun.run(train[0], train[1], train[2], "--" + HOSTILE), 2);
  }

  @Test
  void refusals() throws IOException {
    String data = hostile(".csv", "x,y,class\n1," + HOSTILE + ",u\n");
    assertHarmless(ProgramRun.run("train", "--data=" + data), 2);
    String optimizer = hostile(".json", "{\"name\": \"" + HOSTILE.replace("\r", "\\r") + "\"}");
    assertHarmless(ProgramRun.run("train", "--optimizer=" + optimizer), 2);
    assertHarmless(ProgramRun.run("train", "--data=" + folder.resolve(HOSTILE)), 2);
    assertHarmless(ProgramRun.run("train", "--out=" + folder.resolve(HOSTILE + "/" + HOSTILE)), 2);
    assertHarmless(ProgramRun.run("replay", folder.resolve(HOSTILE).toString()), 2);
    assertHarmless(ProgramRun.run("inspect", folder.resolve(HOSTILE).toString()), 2);
  }

  @Test
  void tensorsAndCases() throws IOException {
    Path file = folder.resolve("t.safetensors");
    Tree tree = Tree.of(Map.of(HOSTILE, Tensor.of(new float[] {1})));
    Safetensors.write(file, tree, Map.of(HOSTILE, HOSTILE));
    assertHarmless(ProgramRun.run("inspect", file.toString()), 0);
    ProgramRun json = ProgramRun.run("inspect", "--json", file.toString());
    assertHarmless(json, 0);
    assertThat(new ObjectMapper().readTree(json.out()).at("/tensors/0/name").asText())
        .isEqualTo(HOSTILE);
    Map<String, Object> leaf = Map.of("shape", List.of(1), "data", List.of(1.0));
    Map<String, Object> values = Map.of(HOSTILE, leaf);
    String recorded =
        new ObjectMapper()
            .writeValueAsString(
                Map.of(
                    "name",
                    HOSTILE,
                    "optimizer",
                    Map.of("name", "sgd", "args", Map.of("learning_rate", 0.1)),
                    "params",
                    values,
                    "gradients",
                    List.of(values)));
    ProgramRun replay = ProgramRun.run("replay", hostile(".json", recorded), "--check");
    assertHarmless(replay, 0);
    assertThat(new ObjectMapper().readTree(replay.out()).get("name").asText()).isEqualTo(HOSTILE);
  }
}
