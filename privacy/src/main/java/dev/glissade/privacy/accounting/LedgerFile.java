package dev.glissade.privacy.accounting;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file of a {@link PrivacyLedger}: text records, each stored as two adjacent copies.
 *
 * <p>Record 0 has the number of kinds of steps, and record k the k-th kind and its count. A copy is
 * one line of {@link #LINE} bytes: the record's number, its text, spaces, and the CRC-32C of
 * everything before. A change writes the first copy and forces it to disk, then does the same with
 * the second; the caller draws noise only after both. So after a loss of power at least one copy is
 * intact, and each intact copy has every step whose noise was drawn. Opening the file repairs a
 * copy that a torn write or a flipped bit damaged from the other one.
 *
 * <p>A new kind is first appended and then counted in record 0; until then it is not part of the
 * ledger. Only a {@link RandomAccessFile} writes, because an interrupt would close a channel and
 * release its lock.
 */
final class LedgerFile implements AutoCloseable {
  private static final int LINE = 160;
  private static final int MOST_KINDS = 100_000;
  private static final String CHECK = " crc32c=";
  private static final int CHECK_LENGTH = CHECK.length() + 8 + 1;
  private static final String TITLE = "glissade privacy ledger, version 2, kinds=";

  private final String name;
  private final RandomAccessFile file;
  private final List<GaussianSteps> kinds = new ArrayList<>();

  private LedgerFile(String name, RandomAccessFile file) {
    this.name = name;
    this.file = file;
  }

  /** Opens a file, creating it if it does not exist, and locks it. */
  static LedgerFile at(Path path, String name) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      create(path);
    }
    if (!Files.isRegularFile(path)) {
      throw LedgerException.unusable(name + " must be a regular file, but was not", null);
    }
    LedgerFile ledger = new LedgerFile(name, new RandomAccessFile(path.toFile(), "rw"));
    try {
      ledger.lock();
      ledger.read();
      return ledger;
    } catch (IOException | RuntimeException e) {
      ledger.close();
      throw e;
    }
  }

  /** Creates an empty ledger, which gets its name only when it is complete. */
  private static void create(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
    Path temporary = folder.resolve(".ledger-" + UUID.randomUUID());
    String line = line(0, TITLE + 0);
    try {
      Files.writeString(
          temporary, line + line, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
      force(temporary, StandardOpenOption.WRITE);
      link(path, temporary);
    } catch (FileAlreadyExistsException e) {
      return; // another run has just created it, with the same content
    } finally {
      Files.deleteIfExists(temporary);
    }
    forceFolder(folder);
  }

  private static void link(Path path, Path temporary) throws IOException {
    try {
      Files.createLink(path, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(temporary, path); // on file systems without links; does not replace a file
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  /** Forces the new name to disk, on systems where a folder can be opened. */
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      System.getLogger(PrivacyLedger.class.getName())
          .log(System.Logger.Level.DEBUG, "can't force the folder of a new ledger to disk", e);
    }
  }

  /** Locks the file until it is closed. */
  private void lock() throws IOException {
    try {
      if (file.getChannel().tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // This process has the lock; refuse it as if another process had it.
    }
    throw LedgerException.unusable(name + " is in use by another run", null);
  }

  private void read() throws IOException {
    byte[] bytes = content();
    List<String> titles = copies(bytes, 0);
    if (titles.isEmpty()) {
      throw LedgerException.damaged(
          name
              + " must be a ledger of this version, but both copies of its first line are damaged"
              + " or not a ledger's",
          null);
    }
    int count = 0;
    for (String title : titles) {
      count = Math.max(count, countOf(title));
    }
    boolean damaged = titles.size() < 2;
    boolean equal = areEqual(titles);
    for (int i = 1; i <= count; i++) {
      List<String> copies = copies(bytes, i);
      kinds.add(newest(i, count, copies));
      damaged |= copies.size() < 2;
      equal &= areEqual(copies);
    }
    if (!equal || bytes.length != 2 * LINE * (count + 1)) {
      mend(damaged);
    }
  }

  private byte[] content() throws IOException {
    long length = file.length();
    if (length == 0) {
      throw LedgerException.damaged(
          name
              + " must not be empty, since no ledger is: restore it from a copy, or delete it if no"
              + " step was taken",
          null);
    }
    if (length > 2L * LINE * (MOST_KINDS + 1)) {
      throw LedgerException.damaged(
          "%s must have at most %d bytes, but had %d"
              .formatted(name, 2L * LINE * (MOST_KINDS + 1), length),
          null);
    }
    byte[] bytes = new byte[(int) length];
    file.seek(0);
    file.readFully(bytes);
    return bytes;
  }

  private static boolean areEqual(List<String> copies) {
    return copies.size() == 2 && copies.get(0).equals(copies.get(1));
  }

  private int countOf(String title) throws IOException {
    String number = title.startsWith(TITLE) ? title.substring(TITLE.length()) : "";
    if (!number.matches("\\d{1,6}")) {
      throw LedgerException.damaged(
          name + " must be a ledger of this version, but its first line was " + title, null);
    }
    return Integer.parseInt(number);
  }

  /** Returns the texts of a record's intact copies. */
  private static List<String> copies(byte[] bytes, int record) {
    List<String> whole = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      int from = LINE * (2 * record + copy);
      if (from + LINE <= bytes.length) {
        String line = new String(bytes, from, LINE, StandardCharsets.ISO_8859_1);
        String text = line.substring(0, LINE - CHECK_LENGTH).stripTrailing();
        String start = record == 0 ? "" : record + " ";
        if (text.startsWith(start) && line(record, text.substring(start.length())).equals(line)) {
          whole.add(text.substring(start.length()));
        }
      }
    }
    return whole;
  }

  /** Returns the copy with more steps: a change reaches the first copy before the second. */
  private GaussianSteps newest(int record, int records, List<String> copies) throws IOException {
    GaussianSteps newest = null;
    for (String copy : copies) {
      GaussianSteps steps;
      try {
        steps = LedgerText.parse(copy);
      } catch (IllegalArgumentException e) {
        throw LedgerException.damaged(
            "%s, record %d: %s".formatted(name, record, e.getMessage()), e);
      }
      if (newest == null || steps.count() > newest.count()) {
        newest = steps;
      }
    }
    if (newest == null) {
      throw LedgerException.damaged(
          ("%s must have an intact copy of each record, but both copies of record %d of %d are cut"
                  + " off or changed, so steps may be missing: restore the file from a copy")
              .formatted(name, record, records),
          null);
    }
    return newest;
  }

  /** Rewrites every record, and cuts off what record 0 does not count. */
  private void mend(boolean damaged) throws IOException {
    if (damaged) {
      System.getLogger(PrivacyLedger.class.getName())
          .log(
              System.Logger.Level.WARNING,
              name
                  + " had a damaged or missing copy of a record; the other copy repaired it, and no"
                  + " step is lost");
    }
    for (int i = kinds.size(); i >= 0; i--) {
      write(i);
    }
    file.setLength(2L * LINE * (kinds.size() + 1));
    file.getFD().sync();
  }

  private String line(int record) {
    return record == 0
        ? line(0, TITLE + kinds.size())
        : line(record, LedgerText.of(kinds.get(record - 1)));
  }

  private static String line(int record, String text) {
    String numbered = record == 0 ? text : record + " " + text;
    String padded = numbered + " ".repeat(Math.max(0, LINE - CHECK_LENGTH - numbered.length()));
    CRC32C sum = new CRC32C();
    sum.update(padded.getBytes(StandardCharsets.ISO_8859_1));
    return padded + CHECK + "%08x\n".formatted(sum.getValue());
  }

  /** Writes both copies of a record, and forces the first to disk before it writes the second. */
  private void write(int record) throws IOException {
    byte[] line = line(record).getBytes(StandardCharsets.US_ASCII);
    for (int copy = 0; copy < 2; copy++) {
      file.seek((2L * record + copy) * LINE);
      file.write(line);
      file.getFD().sync();
    }
  }

  /** Returns all kinds, in the order of their first steps. */
  List<GaussianSteps> kinds() {
    return List.copyOf(kinds);
  }

  /**
   * Sets the total of a kind, and returns once it is on disk.
   *
   * @param index the kind's index, or the number of kinds to add a new one
   */
  void set(int index, GaussianSteps total) throws IOException {
    if (index == MOST_KINDS) {
      throw LedgerException.unusable(
          "%s must have at most %d kinds of steps, but had one more".formatted(name, MOST_KINDS),
          null);
    }
    boolean isNew = index == kinds.size();
    @Nullable GaussianSteps before = isNew ? null : kinds.get(index);
    if (before == null) {
      kinds.add(total);
    } else {
      kinds.set(index, total);
    }
    try {
      write(index + 1);
      if (isNew) {
        write(0);
      }
    } catch (IOException e) {
      if (before == null) {
        kinds.remove(index);
      } else {
        kinds.set(index, before);
      }
      throw LedgerException.unusable("%s can't be written: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Closes the file and releases its lock. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
