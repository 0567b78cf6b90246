package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivacyLedgerTest {
  private static final SampledGaussian POISSON = new SampledGaussian(0.1 + 0.2, 1.1, 1);
  private static final ShuffledGaussian SHUFFLED = new ShuffledGaussian(1000, 64, 2, 1);

  /** Mended files are reported, here some thousand times. */
  private static final Logger REPORTS = Logger.getLogger(PrivacyLedger.class.getName());

  @TempDir private Path folder;

  @BeforeAll
  static void silence() {
    REPORTS.setLevel(Level.SEVERE);
  }

  @AfterAll
  static void report() {
    REPORTS.setLevel(null);
  }

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
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(12).allMatch(line -> line.length() == 159);
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(lines.get(i)).isEqualTo(lines.get(i + 1));
    }
    assertThat(lines.get(0)).startsWith("glissade privacy ledger, version 2, kinds=5  ");
    assertThat(lines.get(2)).startsWith("1 poisson rate=0.30000000000000004 noise=1.1 count=120  ");
    assertThat(lines.get(5)).startsWith("2 shuffled examples=1000 batch=64 noise=2.0 count=120  ");
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
    assertThat(Files.readString(file)).contains("count=1 ");
    assertThatThrownBy(() -> PrivacyLedger.at(file))
        .isInstanceOf(IOException.class)
        .hasMessage("ledger " + file + " is in use by another run");
    abandoned.close();
    assertThatThrownBy(() -> abandoned.add(POISSON)).isInstanceOf(IOException.class);
    assertThat(abandoned.countLike(POISSON)).isEqualTo(1);
  }

  /** An old copy, or one that a flipped bit or a cut damaged, is mended from the other one. */
  @Test
  void noFlippedBitAndNoCutLosesAStep() throws IOException {
    Path file = folder.resolve("ledger");
    List<GaussianSteps> spent = threeKinds(file);
    byte[] good = Files.readAllBytes(file);
    int refused = 0;
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < good.length; i++) {
      int bit = 8 * i + random.nextInt(8);
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(reopened(file, flipped)).as("bit %d", bit).isEqualTo(spent);
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      try {
        assertThat(reopened(file, cut)).as("length %d", length).isEqualTo(spent);
      } catch (IOException e) {
        refused++;
        assertThat(Files.readAllBytes(file)).isEqualTo(cut);
      }
    }
    assertThat(refused).isEqualTo(good.length - 160);
  }

  /** Of two copies that are both damaged nothing can be said, so the file is refused. */
  @Test
  void damageToBothCopiesIsRefused() throws IOException {
    Path file = folder.resolve("ledger");
    List<GaussianSteps> spent = threeKinds(file);
    byte[] good = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = good.clone();
      int record = random.nextInt(4);
      for (int copy = 0; copy < 2; copy++) {
        int at = 160 * (2 * record + copy) + random.nextInt(160);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
      }
      assertThatThrownBy(() -> reopened(file, damaged))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              record == 0
                  ? "both copies of its first line are damaged"
                  : "both copies of record %d of 3 are cut off or changed".formatted(record));
      assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }
    assertThat(reopened(file, good)).isEqualTo(spent);
  }

  /** Wherever a loss of power cuts a change off, what is found has each step that was finished. */
  @Test
  void aChangeThatIsCutOffLosesNothing() throws IOException {
    Path file = folder.resolve("ledger");
    List<GaussianSteps> before = threeKinds(file);
    byte[] old = Files.readAllBytes(file);
    for (GaussianSteps step :
        List.of(POISSON.withCount(99), SHUFFLED, new SampledGaussian(0.25, 4, 1))) {
      Files.write(file, old);
      List<GaussianSteps> after;
      try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
        ledger.add(step);
        after = ledger.spent();
      }
      byte[] changed = Files.readAllBytes(file);
      boolean isNew = changed.length > old.length;
      // the order in which the lines are written: of the record, then of the first record
      int record = isNew ? 4 : after.indexOf(find(after, step));
      int[] written =
          isNew ? new int[] {8, 9, 0, 1} : new int[] {2 * (record + 1), 2 * (record + 1) + 1};
      byte[] disk = Arrays.copyOf(old, old.length);
      for (int line : written) {
        for (int bytes = 0; bytes <= 160; bytes++) {
          byte[] torn = Arrays.copyOf(disk, Math.max(disk.length, 160 * line + bytes));
          System.arraycopy(changed, 160 * line, torn, 160 * line, bytes);
          assertThat(reopened(file, torn)).isIn(before, after);
        }
        disk = Arrays.copyOf(disk, Math.max(disk.length, 160 * (line + 1)));
        System.arraycopy(changed, 160 * line, disk, 160 * line, 160);
      }
      assertThat(reopened(file, disk)).isEqualTo(after);
    }
  }

  private static GaussianSteps find(List<GaussianSteps> all, GaussianSteps kind) {
    return all.stream()
        .filter(steps -> steps.withCount(0).equals(kind.withCount(0)))
        .findFirst()
        .orElseThrow();
  }

  private static List<GaussianSteps> threeKinds(Path file) throws IOException {
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      ledger.add(POISSON.withCount(41));
      ledger.add(SHUFFLED.withCount(8));
      ledger.add(new SampledGaussian(0.5, 3, 7));
      ledger.add(POISSON);
      return ledger.spent();
    }
  }

  private static List<GaussianSteps> reopened(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      return ledger.spent();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void threadsSpendExactlyTheBudget(boolean inFile) throws Exception {
    Path file = folder.resolve("ledger");
    int threads = 4;
    int most = 300;
    try (PrivacyLedger ledger = inFile ? PrivacyLedger.at(file) : PrivacyLedger.inMemory()) {
      List<Callable<Integer>> runs = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        GaussianSteps kind = t % 2 == 0 ? POISSON : SHUFFLED.withCount(2);
        runs.add(() -> {
          int spent = 0;
          while (ledger.spend(kind, totals -> sum(totals) <= most)) {
            spent += (int) kind.count();
          }
          return spent;
        });
      }
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      int sum = 0;
      for (Future<Integer> run : pool.invokeAll(runs)) {
        sum += run.get();
      }
      pool.shutdown();
      assertThat(sum).isBetween(most - 1, most);
      assertThat(sum(ledger.spent())).isEqualTo(sum);
    }
    if (inFile) {
      try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
        assertThat(sum(ledger.spent())).isBetween(most - 1L, (long) most);
      }
    }
  }

  private static long sum(List<GaussianSteps> totals) {
    return totals.stream().mapToLong(GaussianSteps::count).sum();
  }

  /** An interrupt closes neither the file nor the lock, and the step is recorded. */
  @Test
  void anInterruptDoesNotOpenTheLedgerToOthers() throws IOException {
    Path file = folder.resolve("ledger");
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      Thread.currentThread().interrupt();
      ledger.add(POISSON);
      ledger.add(SHUFFLED);
      assertThat(Thread.interrupted()).isTrue();
      assertThatThrownBy(() -> PrivacyLedger.at(file)).hasMessageContaining("in use");
      assertThat(Files.readString(file)).contains("shuffled");
    }
  }

  @Test
  void aCopyOfTheTextTellsWhatIsMissing() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    assertThat(ledger.text()).isEmpty();
    assertThat(ledger.missing("")).isEmpty();
    ledger.add(POISSON.withCount(5));
    ledger.add(SHUFFLED);
    String text = ledger.text();
    assertThat(ledger.missing(text)).isEmpty();
    PrivacyLedger lost = PrivacyLedger.inMemory();
    lost.add(POISSON.withCount(2));
    assertThat(lost.missing(text)).containsExactly(POISSON.withCount(3), SHUFFLED);
    assertThatThrownBy(() -> lost.missing("nothing")).hasMessageContaining("nothing");
    PrivacyLedger full = PrivacyLedger.inMemory();
    full.add(POISSON.withCount(Long.MAX_VALUE));
    assertThatThrownBy(() -> full.add(POISSON))
        .hasMessage(
            "the count of steps must be at most 2^63 - 1, but was 9223372036854775807 plus 1");
    assertThat(full.countLike(POISSON)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void onlyALedgerIsOpened() throws IOException {
    Path file = folder.resolve("ledger");
    Files.createFile(file);
    assertThatThrownBy(() -> PrivacyLedger.at(file))
        .hasMessage(
            "ledger "
                + file
                + " must not be empty, since no ledger is: restore it from a copy, or delete it if"
                + " no step was taken");
    assertThat(file).isEmptyFile();
    for (String text :
        List.of("a", "x".repeat(159) + "\n", "glissade privacy ledger, version 1\n")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> PrivacyLedger.at(file))
          .hasMessageStartingWith("ledger " + file + " must be a ledger of this version, but ");
      assertThat(file).hasContent(text);
    }
    assertThatThrownBy(() -> PrivacyLedger.at(folder))
        .hasMessage("ledger " + folder + " must be a regular file, but was not");
    assertThatThrownBy(() -> PrivacyLedger.at(Path.of("/dev/null")))
        .hasMessage("ledger /dev/null must be a regular file, but was not");
    assertThatThrownBy(() -> PrivacyLedger.at(folder.resolve("none/ledger")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(folder.resolve("none").toString());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
