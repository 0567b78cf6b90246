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
 * The file of a {@link PrivacyLedger}: records of text, each twice, one copy after the other.
 *
 * <p>Record 0 says how many kinds of steps there are, record k has the k-th kind and its count. A
 * record is one line of {@link #LINE} bytes: its number, its text, spaces, and the CRC-32C of all
 * before. A change writes the first copy and forces it to disk, then the second one and forces
 * that; the caller draws no noise before both are there. So, whenever the power goes, one copy at
 * least is whole, and each whole copy has every step whose noise was drawn. A copy that is damaged,
 * by a torn write or a bit that flipped, is mended from the other one when the file is opened.
 *
 * <p>A new kind is appended first and counted in record 0 afterwards: until then it is not part of
 * the ledger. Only {@link RandomAccessFile} writes: an interrupt would close a channel and give up
 * its lock.
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

  /** Opens a file and locks it; creates it if there is none. */
  static LedgerFile at(Path path, String name) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      create(path);
    }
    if (!Files.isRegularFile(path)) {
      throw LedgerException.unusable(name + " must be a regular file", null);
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

  /** Creates a ledger of no steps, which appears under its name only when it is complete. */
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
      return; // another run was faster, with the same content
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
      Files.move(temporary, path); // on file systems without links; replaces nothing
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  /** Forces the new name to disk, on systems that let a folder be opened. */
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      System.getLogger(PrivacyLedger.class.getName())
          .log(System.Logger.Level.DEBUG, "the folder of a new ledger was not forced to disk", e);
    }
  }

  /** Locks the file until it is closed. */
  private void lock() throws IOException {
    try {
      if (file.getChannel().tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // this process has it: refused like another one
    }
    throw LedgerException.unusable(name + " is in use by another run", null);
  }

  private void read() throws IOException {
    byte[] bytes = content();
    List<String> titles = copies(bytes, 0);
    if (titles.isEmpty()) {
      throw LedgerException.damaged(
          name + " is not a ledger of this version, or both copies of its first line are damaged",
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
          name + " is empty, but a ledger never is: restore it, or delete it if no step was taken",
          null);
    }
    if (length > 2L * LINE * (MOST_KINDS + 1)) {
      throw LedgerException.damaged(
          "%s must have at most %d bytes, but has %d"
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
      throw LedgerException.damaged(name + " is not a ledger of this version", null);
    }
    return Integer.parseInt(number);
  }

  /** The texts of those copies of a record that are whole. */
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

  /** The copy with more steps: a change reaches the first copy before the second. */
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
          ("%s is damaged: both copies of record %d of %d are cut off or changed, so steps may be"
                  + " missing. Restore the file from a copy of it")
              .formatted(name, record, records),
          null);
    }
    return newest;
  }

  /** Writes every record again, and cuts off what record 0 does not count. */
  private void mend(boolean damaged) throws IOException {
    if (damaged) {
      System.getLogger(PrivacyLedger.class.getName())
          .log(
              System.Logger.Level.WARNING,
              name
                  + " had a record of which one copy was cut off or damaged: it was mended from"
                  + " the other copy, no step is lost");
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

  /** Writes both copies of a record, one after the other, and forces each to disk. */
  private void write(int record) throws IOException {
    byte[] line = line(record).getBytes(StandardCharsets.US_ASCII);
    for (int copy = 0; copy < 2; copy++) {
      file.seek((2L * record + copy) * LINE);
      file.write(line);
      file.getFD().sync();
    }
  }

  /** All kinds, in the order of their first steps. */
  List<GaussianSteps> kinds() {
    return List.copyOf(kinds);
  }

  /**
   * Sets the total of a kind, and returns when it is on disk.
   *
   * @param index from 0; the number of kinds for a new one
   */
  void set(int index, GaussianSteps total) throws IOException {
    if (index == MOST_KINDS) {
      throw LedgerException.unusable(
          "%s is full: it has %d kinds of steps".formatted(name, MOST_KINDS), null);
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

  /** Closes the file, which another run may open then. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
