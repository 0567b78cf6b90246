package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example learns, as well as Tribuo's correct optimizers. */
class DigitsTest {

  @Test
  void linearModelsAreAsGoodAsWithAdaGrad() {
    Map<String, Double> accuracies = new Digits().linear(3);
    double theirs = accuracies.get("Tribuo's AdaGrad");
    assertThat(theirs).isBetween(0.95, 0.99);
    assertThat(accuracies.get("Prodigy")).isGreaterThan(theirs - 0.01);
    assertThat(accuracies.get("Adam")).isGreaterThan(theirs - 0.01);
  }

  @Test
  @Tag("slow")
  void factorizationMachinesAreAsGoodAsWithAdaGrad() {
    Map<String, Double> accuracies = new Digits().machine(3);
    assertThat(accuracies.get("Prodigy")).isGreaterThan(accuracies.get("Tribuo's AdaGrad") - 0.01);
  }

  @Test
  void theExampleRuns() {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      Digits.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\\R");
    assertThat(lines).hasSize(9);
    assertThat(lines[0]).isEqualTo("linear");
    assertThat(accuracy(lines[4], "Prodigy")).isBetween(0.95, 1.0);
    assertThat(lines[5]).isEqualTo("factorization machine");
    assertThat(accuracy(lines[8], "Prodigy")).isBetween(0.97, 1.0);
  }

  private static double accuracy(String line, String name) {
    assertThat(line.strip()).startsWith(name);
    return Double.parseDouble(line.strip().substring(name.length()).strip());
  }
}
