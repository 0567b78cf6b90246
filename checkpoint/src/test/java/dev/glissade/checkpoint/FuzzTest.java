package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.testing.Problem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that were changed at random: only the documented exception, no allocation beyond a small
 * multiple of the file, no hang.
 */
class FuzzTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What an empty file may take: the parser's buffers, a block, an exception. */
  private static final long SMALL_CHANGE = 256 << 10;

  /** What a stepper takes that no file decides on: its arrays, the optimizer as JSON. */
  private static final long OF_A_STEPPER = 1 << 20;

  private static final int MULTIPLE = 24;
  private static final String[] WORDS = {
    "0",
    "-1",
    "1",
    "2",
    "9223372036854775807",
    "18446744073709551616",
    "1e9",
    "2147483647",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "\\u0000",
    "\\",
    "F32",
    "F64",
    "BF16",
    "C64",
    "I64",
    "U32",
    "BOOL",
    "F4",
    "dtype",
    "shape",
    "data_offsets",
    "__metadata__",
    "glissade.forms",
    "a tree",
    "record",
    "parts",
    "map",
    "text",
    "enum",
    "\\\"",
    "a scalar",
    "null",
    "state",
    "params",
    "[[[[[[[[",
    "é",
    " "
  };

  @TempDir Path folder;
  private Path file = Path.of("");
  private final List<byte[]> seeds = new ArrayList<>();

  @BeforeEach
  void makeSeeds() throws Exception {
    file = folder.resolve("x.safetensors");
    for (String name :
        List.of("adam", "mechanize", "noisy_sgd", "partition", "inject_hyperparams")) {
      var optimizer = AllOptimizers.optimizer(name);
      seeds.add(checkpoint(optimizer));
    }
    Checkpoint.of(dev.glissade.Tree.of("z", ValuesTest.tensor(DType.COMPLEX128, 3)))
        .with("run", List.of("text", 1, 2L, true, new double[] {1, 2}))
        .save(file);
    seeds.add(Files.readAllBytes(file));
    seeds.add(Raw.bytes("{" + Raw.tensor("a", "I64", "[2,0]", "[0,0]") + "}", 0));
    THREADS.setThreadAllocatedMemoryEnabled(true);
  }

  private <S> byte[] checkpoint(dev.glissade.GradientTransformation<S> optimizer)
      throws IOException {
    Stepper<S> stepper =
        Stepper.of(
            optimizer, Problem.params(DType.FLOAT32).select(p -> !p.equals("big")).evaluate());
    Checkpoint.of(stepper).with("run", ValuesTest.numbers(2)).save(file);
    return Files.readAllBytes(file);
  }

  @Test
  void twoThousandChangedFiles() throws Exception {
    fuzz(1, 2_400);
  }

  @Test
  @Tag("slow")
  void twentyThousandChangedFiles() throws Exception {
    fuzz(1_000_000, 24_000);
  }

  private void fuzz(long firstSeed, int count) throws Exception {
    int sound = 0;
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      Random random = new Random(seed);
      byte[] bytes = changed(random);
      Files.write(file, bytes);
      long start = THREADS.getCurrentThreadCpuTime();
      Checkpoint checkpoint = read();
      if (checkpoint != null) {
        sound++;
        use(checkpoint);
      }
      assertThat(THREADS.getCurrentThreadCpuTime() - start)
          .as("seed %d", seed)
          .isLessThan(1_000_000_000L);
      long most = SMALL_CHANGE + (long) MULTIPLE * bytes.length;
      String what = "seed %d, %d bytes".formatted(seed, bytes.length);
      assertThat(allocatedBy(this::read)).as(what).isLessThan(most);
      if (checkpoint != null) {
        assertThat(allocatedBy(() -> use(checkpoint))).as(what).isLessThan(OF_A_STEPPER + most);
      }
    }
    assertThat(sound).isBetween(count / 30, count / 2);
  }

  /** What the thread allocates the second time, when all classes are there. */
  private static long allocatedBy(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** The checkpoint if it is sound; anything but the documented exception is thrown on. */
  private @Nullable Checkpoint read() {
    try (Safetensors opened = Safetensors.open(file)) {
      opened.verify();
      opened.tree();
    } catch (CheckpointException e) {
      requireSentence(e);
    }
    try {
      return Checkpoint.load(file);
    } catch (CheckpointException e) {
      requireSentence(e);
      return null;
    }
  }

  private void use(Checkpoint checkpoint) {
    try {
      checkpoint.get("run", ValuesTest.Numbers.class);
      checkpoint.stepper(AllOptimizers.optimizer("adam"));
    } catch (CheckpointException e) {
      requireSentence(e);
    }
  }

  private void requireSentence(CheckpointException e) {
    assertThat(e.getMessage()).startsWith(file + ": ").hasSizeLessThan(4_000);
  }

  private byte[] changed(Random random) throws Exception {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    long data = bytes.length - 8 - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int changes = 1 + random.nextInt(4) * random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes, random);
    }
    if (random.nextInt(4) > 0) {
      fixLength(bytes, data);
    }
    if (random.nextInt(4) > 0) {
      sign(bytes);
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int at = random.nextInt(Math.max(1, bytes.length));
    int header = Math.min(Math.max(1, bytes.length), 8 + random.nextInt(1, 900));
    switch (random.nextInt(6)) {
      case 0 -> {
        if (bytes.length > 0) {
          bytes[at] = (byte) random.nextInt();
        }
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 2 -> {
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
      }
      case 3 -> {
        return replaced(bytes, header - 1, random.nextInt(12), WORDS[random.nextInt(WORDS.length)]);
      }
      case 4 -> {
        return number(bytes, random);
      }
      default -> {
        int from = random.nextInt(Math.max(1, bytes.length));
        int length = random.nextInt(60);
        byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
        return replaced(bytes, at, length, new String(piece, StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** Another number in place of one of the header. */
  private static byte[] number(byte[] bytes, Random random) {
    int start = Math.min(bytes.length, 8 + random.nextInt(900));
    int i = start;
    while (i < bytes.length && (bytes[i] < '0' || bytes[i] > '9')) {
      i++;
    }
    int end = i;
    while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    long number = random.nextLong() >>> random.nextInt(64);
    return replaced(bytes, i, end - i, Long.toString(number));
  }

  private static byte[] replaced(byte[] bytes, int at, int length, String text) {
    int from = Math.min(at, bytes.length);
    int to = Math.min(bytes.length, from + length);
    byte[] more = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = Arrays.copyOf(bytes, bytes.length - (to - from) + more.length);
    System.arraycopy(more, 0, out, from, more.length);
    System.arraycopy(bytes, to, out, from + more.length, bytes.length - to);
    return out;
  }

  /** Says the header's length as it now is, so that what is in it is looked at. */
  private static void fixLength(byte[] bytes, long data) {
    if (bytes.length >= data + 8) {
      System.arraycopy(Raw.length(bytes.length - 8 - data), 0, bytes, 0, 8);
    }
  }

  /** Writes the right checksum, so that what is behind it is looked at. */
  private static void sign(byte[] bytes) throws Exception {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"glissade.sha256\":\"");
    int digits = at + "\"glissade.sha256\":\"".length();
    if (at < 0 || digits + 64 > bytes.length) {
      return;
    }
    Arrays.fill(bytes, digits, digits + 64, (byte) '0');
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
    byte[] hex = HexFormat.of().formatHex(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(hex, 0, bytes, digits, 64);
  }
}
