package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyLedgerTest {
  private static final SampledGaussian POISSON = new SampledGaussian(0.1 + 0.2, 1.1, 1);
  private static final ShuffledGaussian SHUFFLED = new ShuffledGaussian(1000, 64, 2, 1);

  @TempDir private Path folder;

  @Test
  void keepsEveryStepOfEveryKind() throws IOException {
    Path file = folder.resolve("ledger");
    for (int run = 0; run < 3; run++) {
      try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
        for (int i = 0; i < 40; i++) {
          ledger.add(POISSON);
          ledger.add(SHUFFLED);
        }
        ledger.add(new SampledGaussian(0.5, 3 + run, 7));
        ledger.force();
        assertThat(ledger.countLike(POISSON)).isEqualTo(40 * (run + 1));
      }
    }
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      assertThat(ledger.spent())
          .containsExactly(
              POISSON.withCount(120),
              SHUFFLED.withCount(120),
              new SampledGaussian(0.5, 3, 7),
              new SampledGaussian(0.5, 4, 7),
              new SampledGaussian(0.5, 5, 7));
    }
    assertThat(Files.readString(file))
        .startsWith(
            "glissade privacy ledger, version 1\n"
                + "poisson rate=0.30000000000000004 noise=1.1 count=0000000000000000120\n"
                + "shuffled examples=1000 batch=64 noise=2.0 count=0000000000000000120\n");
  }

  @Test
  void isTheSameInEveryLanguage() throws IOException {
    Locale before = Locale.getDefault();
    Path file = folder.resolve("ledger");
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
        ledger.add(SHUFFLED);
        ledger.add(POISSON);
      }
    } finally {
      Locale.setDefault(before);
    }
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      assertThat(ledger.spent()).containsExactly(SHUFFLED, POISSON);
    }
  }

  /** What was added is in the file at once, without waiting for the end. */
  @Test
  void outlivesItsProcess() throws IOException {
    Path file = folder.resolve("ledger");
    PrivacyLedger abandoned = PrivacyLedger.at(file);
    abandoned.add(POISSON);
    assertThat(Files.readString(file)).contains("count=0000000000000000001\n");
    assertThatThrownBy(() -> PrivacyLedger.at(file))
        .isInstanceOf(IOException.class)
        .hasMessage("ledger " + file + " is in use by another run");
    abandoned.close();
    assertThatThrownBy(() -> abandoned.add(POISSON)).isInstanceOf(IOException.class);
    assertThat(abandoned.countLike(POISSON)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing of this, is no ledger of this version or is cut off",
    "glissade privacy ledger; version 1\\npoisson rate=0.1, is no ledger of this version or is cut"
        + " off",
    "glissade privacy ledger; version 1\\npoisson rate=0.1\\n, line 2 is no kind of steps",
    "glissade privacy ledger; version 1\\npoisson rate=2 noise=1 count=1\\n,"
        + " line 2: samplingRate must be from 0 to 1: 2.0",
    "glissade privacy ledger; version 1\\npoisson rate=x noise=1 count=1\\n,"
        + " 'line 2: For input string: \"x\"'",
    "glissade privacy ledger; version 1\\nshuffled examples=5 batch=6 noise=1 count=1\\n,"
        + " line 2: batch must be from 1 to examples: 6",
    "glissade privacy ledger; version 1\\npoisson rate=1 noise=1 count=9999999999999999999\\n,"
        + " 'line 2: For input string: \"9999999999999999999\"'"
  })
  void damageIsNamed(String text, String expected) throws IOException {
    Path file = folder.resolve("ledger");
    String content = text.replace("\\n", "\n").replace(';', ',');
    Files.writeString(file, content);
    assertThatThrownBy(() -> PrivacyLedger.at(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ledger " + file)
        .hasMessageContaining(expected.replace("version or", "version, or"));
    assertThat(Files.readString(file)).isEqualTo(content);
  }
}
