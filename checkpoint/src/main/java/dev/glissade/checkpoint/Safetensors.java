package dev.glissade.checkpoint;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, open for reading. Opening it checks the whole header; the numbers are read on
 * demand, block by block. If the file has a checksum, the first call that needs numbers reads the
 * whole file to verify it. Not thread-safe.
 *
 * <p>The format has no complex128: such a tensor is stored as float64 with a last axis of 2, the
 * real and the imaginary part, and named in the note {@value Complex128#NOTE}, a JSON list.
 */
public final class Safetensors implements Closeable {
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private final @Nullable Path path;
  private final ByteSource file;
  private final FileHeader header;
  private final Set<String> complex128;
  private final Map<String, TensorInfo> byName = new LinkedHashMap<>();

  /** Whether the checksum has been verified, or the file has none. */
  private boolean sound;

  private Safetensors(@Nullable Path path, ByteSource file) throws IOException {
    this.path = path;
    this.file = file;
    this.header = HeaderReader.read(file, path);
    header.tensors().forEach(info -> byName.put(info.name(), info));
    this.complex128 = Complex128.names(header, byName, path);
  }

  /**
   * Opens a file and checks its header.
   *
   * @param path the file
   * @return the open file
   * @throws CheckpointException if the file can't be read, or breaks a rule of the format
   */
  public static Safetensors open(Path path) throws CheckpointException {
    if (!Files.exists(path)) {
      throw CheckpointException.failed(path, "there is no such file", null);
    }
    if (!Files.isRegularFile(path)) {
      throw CheckpointException.failed(path, "must be a regular file, but was not", null);
    }
    ByteSource file = null;
    Safetensors opened = null;
    try {
      file = ByteSource.of(path);
      opened = new Safetensors(path, file);
      return opened;
    } catch (IOException e) {
      throw unreadable(path, e);
    } finally {
      if (opened == null && file != null) {
        closeQuietly(file);
      }
    }
  }

  /** Reads the header of the next bytes of a stream; {@link #contents} reads the rest. */
  static Safetensors reading(InputStream in, long length) throws CheckpointException {
    try {
      return new Safetensors(null, ByteSource.of(in, length));
    } catch (IOException e) {
      throw unreadable(null, e);
    }
  }

  private static void closeQuietly(ByteSource file) {
    try {
      file.close();
    } catch (IOException e) {
      // The file was only read.
    }
  }

  private static CheckpointException unreadable(@Nullable Path path, IOException e) {
    if (e instanceof EOFException && path == null) {
      return CheckpointException.corrupt(null, String.valueOf(e.getMessage()));
    }
    return e instanceof CheckpointException known
        ? known
        : CheckpointException.failed(path, "can't be read: " + e.getMessage(), e);
  }

  /** {@return what the header says about each tensor, in the file's order} */
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  /** {@return the file's notes by name} */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Reads one tensor. The first call reads the whole file if it has a checksum.
   *
   * @param name the tensor's name
   * @return the tensor, in new arrays
   * @throws CheckpointException if the file has no tensor of this name, if this library has no
   *     tensors of its type (such as I64), if the checksum is wrong, or if the file can't be read
   */
  public Tensor tensor(String name) throws CheckpointException {
    TensorInfo info = info(name);
    requireTensor(info);
    Content content = allocate(info);
    requireSound();
    try {
      BlockReader.readOne(file, header.bytes().length + info.begin(), content);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return content.tensor();
  }

  /**
   * Passes each number of a tensor to a consumer, in the file's order. The tensor may be larger
   * than memory. The first call reads the whole file if it has a checksum.
   *
   * @param name the tensor's name
   * @param numbers receives each number as a double: for an integer the nearest double, for a
   *     complex number the real and then the imaginary part
   * @throws CheckpointException if the file has no tensor of this name, if its type is not {@link
   *     StoredType#isReadable() readable}, if the checksum is wrong, or if the file can't be read
   */
  public void numbers(String name, DoubleConsumer numbers) throws CheckpointException {
    TensorInfo info = info(name);
    if (!info.type().isReadable()) {
      throw CheckpointException.refused(
          path,
          "tensor \"%s\" must be of a readable type, but was %s"
              .formatted(HeaderReader.shown(name), info.type()));
    }
    requireSound();
    long at = header.bytes().length + info.begin();
    try {
      BlockReader.readOne(file, at, info.bytes(), info.type(), numbers);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Returns whether a tensor is complex: C64, or complex128 stored as F64.
   *
   * @param name the tensor's name
   * @return whether its numbers are complex
   * @throws CheckpointException if the file has no tensor of this name
   */
  public boolean isComplex(String name) throws CheckpointException {
    return isComplex(info(name));
  }

  private boolean isComplex(TensorInfo info) {
    return info.type() == StoredType.C64 || complex128.contains(info.name());
  }

  private TensorInfo info(String name) throws CheckpointException {
    TensorInfo info = byName.get(name);
    if (info == null) {
      throw CheckpointException.refused(
          path, "must have a tensor \"%s\", but had none".formatted(HeaderReader.shown(name)));
    }
    return info;
  }

  private void requireSound() throws CheckpointException {
    if (!sound) {
      verify();
    }
  }

  /**
   * Reads all tensors.
   *
   * @return a tree of the tensors, with their names as paths
   * @throws CheckpointException if a tensor has an empty name or a type without tensors in this
   *     library, if the checksum is wrong, or if the file can't be read
   */
  public Tree tree() throws CheckpointException {
    for (TensorInfo info : tensors()) {
      requireTensor(info);
      if (info.name().isEmpty()) {
        throw CheckpointException.refused(
            path, "each tensor must have a name to be in a tree, but one had none");
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    contents().forEach((name, content) -> tensors.put(name, content.tensor()));
    return Tree.of(tensors);
  }

  private void requireTensor(TensorInfo info) throws CheckpointException {
    if (info.type().dtype() == null) {
      throw CheckpointException.refused(
          path,
          "tensor \"%s\" must be floating-point or complex, but was %s"
              .formatted(HeaderReader.shown(info.name()), info.type()));
    }
  }

  /** Reads the numbers of all tensors, by name, and verifies the checksum if the file has one. */
  SortedMap<String, Content> contents() throws CheckpointException {
    SortedMap<String, Content> contents = new TreeMap<>();
    List<Content> inOrder = new ArrayList<>();
    for (TensorInfo info : tensors()) {
      Content content = allocate(info);
      inOrder.add(content);
      contents.put(info.name(), content);
    }
    try {
      requireChecksum(BlockReader.read(file, header, inOrder));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return contents;
  }

  /** {@return whether the file has a checksum, as every file written by this class has} */
  public boolean hasChecksum() {
    return header.metadata().containsKey(FileHeader.CHECKSUM);
  }

  /**
   * Reads the whole file to verify its checksum; does nothing if it has none.
   *
   * @throws CheckpointException if the file has changed since it was written, or can't be read
   */
  public void verify() throws CheckpointException {
    if (!hasChecksum()) {
      sound = true;
      return;
    }
    try {
      requireChecksum(BlockReader.checksum(file, header));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private void requireChecksum(byte[] found) throws CheckpointException {
    String digits = new String(found, StandardCharsets.US_ASCII);
    String stored = header.metadata().getOrDefault(FileHeader.CHECKSUM, digits);
    if (!stored.equals(digits)) {
      throw CheckpointException.corrupt(
          path, "the checksum is wrong: the file has changed since it was written");
    }
    sound = true;
  }

  private Content allocate(TensorInfo info) throws CheckpointException {
    long size = 1;
    boolean fits = info.type().bits() % Byte.SIZE == 0;
    for (long length : info.shape()) {
      fits &= length <= MOST_NUMBERS;
      size = fits ? size * length : 0;
      fits &= size <= MOST_NUMBERS;
    }
    if (!fits) {
      throw CheckpointException.refused(
          path,
          "tensor \"%s\" of %s%s must fit in an array, but does not"
              .formatted(
                  HeaderReader.shown(info.name()), info.type(), HeaderReader.shown(info.shape())));
    }
    return Content.allocate(info.type(), info.shape(), isComplex(info));
  }

  @Override
  public void close() throws CheckpointException {
    try {
      file.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Writes a tree to a file atomically: readers see the old file or the new one. Equal trees and
   * notes give equal bytes; notes are sorted by name.
   *
   * @param path the file
   * @param tree the tensors to write, named by their paths
   * @param metadata the notes by name; names that begin with "glissade." are reserved
   * @throws CheckpointException if the file can't be written or must not be replaced, as {@link
   *     AtomicFile} says
   */
  public static void write(Path path, Tree tree, Map<String, String> metadata)
      throws CheckpointException {
    Map<String, Content> contents = new LinkedHashMap<>();
    tree.toMap().forEach((name, tensor) -> contents.put(name, Content.of(tensor)));
    metadata.keySet().forEach(Safetensors::requireFree);
    SafetensorsWriter.write(path, contents, new TreeMap<>(metadata));
  }

  static void requireFree(String name) {
    if (name.startsWith("glissade.")) {
      throw new IllegalArgumentException(
          "a note's name must not begin with \"glissade.\", but was " + name);
    }
  }
}
