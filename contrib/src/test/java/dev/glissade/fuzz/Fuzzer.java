package dev.glissade.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Hostile inputs from good ones, by a seed: bits flipped, pieces cut off, dropped, doubled and
 * taken from another, numbers made extreme. A reader must give each a result or a documented
 * exception, in bounded memory and time.
 */
public final class Fuzzer {
  private static final String[] EXTREMES = {
    "0",
    "-1",
    "-0.0",
    "2147483648",
    "9223372036854775808",
    "1e308",
    "1e-400",
    "1e999999999",
    "NaN",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "Infinity",
    "0x10",
    "1".repeat(1500),
    "\0",
    "\ufeff",
    "'"
  };
  private static final int MOST_MUTATIONS = 4;
  private static final int DEEPEST = 3000;
  private static final long MOST_NANOS = 1_000_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<byte[]> seeds;
  private final Class<?>[] documented;
  private final long fixed;
  private final long factor;

  /** What reads an input. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  /**
   * A fuzzer of one format.
   *
   * @param seeds good inputs
   * @param fixed bytes that a reader may allocate for any input
   * @param factor bytes that it may allocate for each byte of the input besides
   * @param documented the exceptions that it may throw
   */
  public Fuzzer(List<byte[]> seeds, long fixed, long factor, Class<?>... documented) {
    this.seeds = List.copyOf(seeds);
    this.documented = documented.clone();
    this.fixed = fixed;
    this.factor = factor;
  }

  /** The inputs of strings. */
  public static List<byte[]> texts(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * Reads so many inputs; the good ones must be read, to warm the reader up.
   *
   * @return how many were read without an exception
   */
  public int run(int inputs, long seed, Reader reader) throws Exception {
    for (int i = 0; i < 20; i++) {
      for (byte[] good : seeds) {
        reader.read(good.clone());
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < inputs; i++) {
      read += check(mutated(random.split()), i, reader) ? 1 : 0;
    }
    return read;
  }

  /** Reads one input, a hostile one written by hand as well. */
  public boolean check(byte[] input, int number, Reader reader) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    boolean read = true;
    try {
      reader.read(input);
    } catch (Throwable e) {
      if (Arrays.stream(documented).noneMatch(type -> type.isInstance(e))) {
        throw new AssertionError(described(input, number) + " is no documented exception: " + e, e);
      }
      read = false;
    }
    nanos = THREADS.getCurrentThreadCpuTime() - nanos;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    if (nanos > MOST_NANOS) {
      throw new AssertionError(described(input, number) + " took nanoseconds: " + nanos);
    }
    if (bytes > fixed + factor * input.length) {
      throw new AssertionError(described(input, number) + " took bytes: " + bytes);
    }
    return read;
  }

  private static String described(byte[] input, int number) {
    byte[] shown = Arrays.copyOf(input, Math.min(input.length, 400));
    return "input %d of %d bytes, %s as text %s,"
        .formatted(
            number,
            input.length,
            HexFormat.of().formatHex(shown),
            new String(shown, StandardCharsets.ISO_8859_1));
  }

  private byte[] mutated(SplittableRandom random) {
    byte[] input = seeds.get(random.nextInt(seeds.size()));
    int mutations = 1 + random.nextInt(MOST_MUTATIONS);
    for (int i = 0; i < mutations; i++) {
      input = mutated(input, random);
    }
    return input;
  }

  private byte[] mutated(byte[] input, SplittableRandom random) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + random.nextInt(1 + random.nextInt(64)));
    byte[] piece = Arrays.copyOfRange(input, from, to);
    return switch (random.nextInt(10)) {
      case 0 -> flipped(input, random);
      case 1 -> Arrays.copyOf(input, from);
      case 2 -> replaced(input, from, to, new byte[0]);
      case 3 -> replaced(input, from, from, piece);
      case 4 -> replaced(input, from, to, other(random));
      case 5 -> replaced(input, from, to, extreme(random));
      case 6 -> number(input, random);
      case 7 -> replaced(input, from, from, repeated(piece, 1 + random.nextInt(200)));
      case 8 -> replaced(input, from, to, nested(random));
      default -> overwritten(input, from, random);
    };
  }

  private static byte[] flipped(byte[] input, SplittableRandom random) {
    byte[] changed = input.clone();
    for (int i = 0; i < 1 + random.nextInt(8) && changed.length > 0; i++) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  /** A piece of another good input. */
  private byte[] other(SplittableRandom random) {
    byte[] seed = seeds.get(random.nextInt(seeds.size()));
    int from = random.nextInt(seed.length);
    return Arrays.copyOfRange(seed, from, from + 1 + random.nextInt(seed.length - from));
  }

  private static byte[] extreme(SplittableRandom random) {
    return EXTREMES[random.nextInt(EXTREMES.length)].getBytes(StandardCharsets.UTF_8);
  }

  /** A number that is written in the text made extreme, if there is one. */
  private static byte[] number(byte[] input, SplittableRandom random) {
    int from = random.nextInt(input.length + 1);
    while (from < input.length && !isDigit(input[from])) {
      from++;
    }
    int to = from;
    while (to < input.length && isDigit(input[to])) {
      to++;
    }
    return replaced(input, from, to, extreme(random));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static byte[] nested(SplittableRandom random) {
    String[] openings = {"[", "{\"a\":", "(", "{\"name\":\"chain\",\"args\":[", "\""};
    byte[] opening = openings[random.nextInt(openings.length)].getBytes(StandardCharsets.UTF_8);
    return repeated(opening, 1 + random.nextInt(DEEPEST));
  }

  private static byte[] repeated(byte[] piece, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  /** Four or eight bytes as of a count that is huge, negative or zero. */
  private static byte[] overwritten(byte[] input, int from, SplittableRandom random) {
    byte[] changed = input.clone();
    byte[] values = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};
    byte value = values[random.nextInt(values.length)];
    int to = Math.min(changed.length, from + (random.nextBoolean() ? 4 : 8));
    Arrays.fill(changed, from, to, value);
    return changed;
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] piece) {
    byte[] changed = new byte[input.length - (to - from) + piece.length];
    System.arraycopy(input, 0, changed, 0, from);
    System.arraycopy(piece, 0, changed, from, piece.length);
    System.arraycopy(input, to, changed, from + piece.length, input.length - to);
    return changed;
  }
}
