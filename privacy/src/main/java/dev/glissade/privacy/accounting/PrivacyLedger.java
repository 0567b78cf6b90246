package dev.glissade.privacy.accounting;

import dev.glissade.tree.Check;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was spent of a data set's privacy: every step whose noise was drawn, of all runs and all
 * their continuations. Kept in a file of its own beside the checkpoints, because going back to an
 * older checkpoint does not undo what was revealed after it: those steps stay spent.
 *
 * <p>The file is text, a line for each kind of steps, and is written before each step's noise is
 * drawn; so it outlives a kill of the process, and after {@link #force} a loss of power too. One
 * process at a time can have it open.
 */
public final class PrivacyLedger implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final int COUNT_DIGITS = 19;
  private static final String FIRST_LINE = "glissade privacy ledger, version 1\n";
  private static final Pattern POISSON =
      Pattern.compile("poisson rate=(\\S+) noise=(\\S+) count=(\\d{1,19})");
  private static final Pattern SHUFFLED =
      Pattern.compile(
          "shuffled examples=(\\d{1,18}) batch=(\\d{1,18}) noise=(\\S+) count=(\\d{1,19})");

  private final List<GaussianSteps> spent = new ArrayList<>();
  private final @Nullable FileChannel file;
  private final String name;
  private long changes;

  private PrivacyLedger(String name, @Nullable FileChannel file) {
    this.name = name;
    this.file = file;
  }

  /** A ledger that is forgotten with the process. */
  public static PrivacyLedger inMemory() {
    return new PrivacyLedger("this ledger", null);
  }

  /**
   * The ledger in a file, which is made if there is none.
   *
   * @throws IOException if it is no ledger, is damaged, or another process has it open
   */
  public static PrivacyLedger at(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (locked(file) == null) {
        throw new IOException("ledger " + path + " is in use by another run");
      }
      PrivacyLedger ledger = new PrivacyLedger("ledger " + path, file);
      ledger.read();
      return ledger;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The lock ends with the channel. */
  private static @Nullable FileLock locked(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void read() throws IOException {
    if (file == null) {
      return;
    }
    if (file.size() == 0) {
      write(FIRST_LINE, 0);
      return;
    }
    if (file.size() > MOST_BYTES) {
      throw new IOException("%s is too long: %d bytes".formatted(name, file.size()));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {}
    String text = new String(bytes.array(), StandardCharsets.US_ASCII);
    if (!text.startsWith(FIRST_LINE) || !text.endsWith("\n")) {
      throw new IOException(name + " is no ledger of this version, or is cut off");
    }
    List<String> lines = text.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      spent.add(steps(lines.get(i), i + 1));
    }
  }

  private GaussianSteps steps(String line, int number) throws IOException {
    try {
      Matcher poisson = POISSON.matcher(line);
      if (poisson.matches()) {
        return new SampledGaussian(
            Double.parseDouble(poisson.group(1)),
            Double.parseDouble(poisson.group(2)),
            Long.parseLong(poisson.group(3)));
      }
      Matcher shuffled = SHUFFLED.matcher(line);
      if (shuffled.matches()) {
        return new ShuffledGaussian(
            Long.parseLong(shuffled.group(1)),
            Long.parseLong(shuffled.group(2)),
            Double.parseDouble(shuffled.group(3)),
            Long.parseLong(shuffled.group(4)));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("%s, line %d: %s".formatted(name, number, e.getMessage()), e);
    }
    throw new IOException("%s, line %d is no kind of steps".formatted(name, number));
  }

  /** Everything that was spent, in the order of the first step of each kind. */
  public List<GaussianSteps> spent() {
    return List.copyOf(spent);
  }

  /** How many steps, or epochs, of this kind were spent. */
  public long countLike(GaussianSteps kind) {
    int i = indexOf(kind);
    return i < 0 ? 0 : spent.get(i).count();
  }

  private int indexOf(GaussianSteps kind) {
    for (int i = 0; i < spent.size(); i++) {
      if (spent.get(i).withCount(0).equals(kind.withCount(0))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Adds these steps, before their noise is drawn.
   *
   * @throws IOException if the file can't be written; then nothing may be drawn
   */
  public void add(GaussianSteps steps) throws IOException {
    int i = indexOf(steps);
    GaussianSteps sum =
        i < 0 ? steps : steps.withCount(Math.addExact(spent.get(i).count(), steps.count()));
    List<GaussianSteps> next = new ArrayList<>(spent);
    if (i < 0) {
      next.add(sum);
    } else {
      next.set(i, sum);
    }
    int last = i < 0 ? next.size() - 1 : i;
    write(line(sum), offset(last));
    spent.clear();
    spent.addAll(next);
    changes++;
  }

  /** How often something was added. */
  public long changes() {
    return changes;
  }

  /** Lines are of one length each, whatever the number of steps. */
  private long offset(int line) {
    long offset = FIRST_LINE.length();
    for (int i = 0; i < line; i++) {
      offset += line(spent.get(i)).length();
    }
    return offset;
  }

  /** By Double.toString and the like, which are the same in all languages. */
  private static String line(GaussianSteps steps) {
    String kind =
        steps instanceof ShuffledGaussian shuffled
            ? "shuffled examples=" + shuffled.examples() + " batch=" + shuffled.batch()
            : "poisson rate=" + steps.bound().samplingRate();
    String count = Long.toString(steps.count());
    return kind
        + " noise="
        + steps.noiseMultiplier()
        + " count="
        + "0".repeat(COUNT_DIGITS - count.length())
        + count
        + "\n";
  }

  private void write(String text, long offset) throws IOException {
    if (file == null) {
      return;
    }
    Check.that(offset + text.length() <= MOST_BYTES, name + " is full", MOST_BYTES);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      offset += file.write(bytes, offset);
    }
  }

  /** Sees to it that the file outlives a loss of power. */
  public void force() throws IOException {
    if (file != null) {
      file.force(true);
    }
  }

  /** Lets another process have the file. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /** What it is called in sentences. */
  @Override
  public String toString() {
    return name;
  }
}
