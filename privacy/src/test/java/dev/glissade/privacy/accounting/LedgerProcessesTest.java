package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger between processes: one has it at a time, and a killed one leaves every step. */
class LedgerProcessesTest {
  private static final SampledGaussian ONE = new SampledGaussian(0.01, 1.5, 1);

  @TempDir private Path folder;

  /** Spends one step after the other, and prints a line after each. */
  public static void main(String[] arguments) throws IOException {
    try (PrivacyLedger ledger = PrivacyLedger.at(Path.of(arguments[0]))) {
      while (true) {
        ledger.add(ONE);
        System.out.println(ledger.countLike(ONE));
      }
    }
  }

  @Test
  void aKilledProcessLeavesEveryStepAndLetsTheLedgerGo() throws Exception {
    Path file = folder.resolve("ledger");
    SplittableRandom random = new SplittableRandom(6);
    for (int kill = 0; kill < 5; kill++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LedgerProcessesTest.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      long last = 0;
      try (BufferedReader printed = process.inputReader()) {
        long wanted = 20 + random.nextInt(60);
        for (long i = 0; i < wanted; i++) {
          last = Long.parseLong(printed.readLine());
        }
        assertThatThrownBy(() -> PrivacyLedger.at(file))
            .hasMessage("ledger " + file + " is in use by another run");
        process.toHandle().destroyForcibly(); // that of the process would close its output
        process.waitFor();
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
          last = line.matches("\\d+") ? Math.max(last, Long.parseLong(line)) : last;
        }
      }
      try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
        assertThat(ledger.countLike(ONE)).isBetween(last, last + 1);
      }
    }
  }
}
