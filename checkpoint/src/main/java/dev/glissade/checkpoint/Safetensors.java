package dev.glissade.checkpoint;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A safetensors file, open for reading. Its header is checked whole when it is opened; numbers are
 * read when they are asked for, block by block. Not for use by two threads at once.
 *
 * <p>The format has no complex128: such a tensor is stored as float64 with a last axis of 2, the
 * real and the imaginary part, and named in the metadata {@value #COMPLEX128}, a JSON list.
 */
public final class Safetensors implements Closeable {
  static final String COMPLEX128 = "glissade.complex128";
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private final Path path;
  private final RandomAccessFile file;
  private final Header header;
  private final Set<String> complex128;
  private final Map<String, TensorInfo> byName = new LinkedHashMap<>();

  private Safetensors(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.file = file;
    this.header = HeaderReader.read(file, path);
    header.tensors().forEach(info -> byName.put(info.name(), info));
    this.complex128 = complex128();
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws CheckpointException if it can't be read, or breaks a rule of the format
   */
  public static Safetensors open(Path path) throws CheckpointException {
    if (!Files.exists(path)) {
      throw CheckpointException.failed(path, "there is no such file", null);
    }
    if (!Files.isRegularFile(path)) {
      throw CheckpointException.failed(path, "must be a file", null);
    }
    RandomAccessFile file = null;
    Safetensors opened = null;
    try {
      file = new RandomAccessFile(path.toFile(), "r");
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

  private static void closeQuietly(RandomAccessFile file) {
    try {
      file.close();
    } catch (IOException e) {
      // Nothing was written to it.
    }
  }

  private static CheckpointException unreadable(Path path, IOException e) {
    return e instanceof CheckpointException known
        ? known
        : CheckpointException.failed(path, "can't be read: " + e.getMessage(), e);
  }

  /** All tensors, by their place in the file. */
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  /** The file's notes: texts by name. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * The numbers of one tensor.
   *
   * @throws CheckpointException if there is none of that name, if its type has no tensor here (as
   *     I64), or if the file can't be read
   */
  public Tensor tensor(String name) throws CheckpointException {
    TensorInfo info = byName.get(name);
    if (info == null) {
      throw CheckpointException.refused(
          path, "there is no tensor \"%s\"".formatted(HeaderReader.shown(name)));
    }
    requireTensor(info);
    Content content = allocate(info);
    try {
      Blocks.readOne(file, header.bytes().length + info.begin(), content);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return content.tensor();
  }

  /**
   * All tensors as a tree, by their names.
   *
   * @throws CheckpointException if one has a type that has no tensor here or no name, if the
   *     checksum is there and wrong, or if the file can't be read
   */
  public Tree tree() throws CheckpointException {
    for (TensorInfo info : tensors()) {
      requireTensor(info);
      if (info.name().isEmpty()) {
        throw CheckpointException.refused(path, "a tensor without a name can't be in a tree");
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
          "tensor \"%s\" is %s, which has no tensor here"
              .formatted(HeaderReader.shown(info.name()), info.type()));
    }
  }

  /** The numbers of all tensors, by name; the checksum, if there is one, is verified. */
  SortedMap<String, Content> contents() throws CheckpointException {
    SortedMap<String, Content> contents = new TreeMap<>();
    List<Content> inOrder = new ArrayList<>();
    for (TensorInfo info : tensors()) {
      Content content = allocate(info);
      inOrder.add(content);
      contents.put(info.name(), content);
    }
    try {
      requireChecksum(Blocks.read(file, header, inOrder));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return contents;
  }

  /** Whether the file has a checksum, as all that are written here have. */
  public boolean hasChecksum() {
    return header.metadata().containsKey(Header.CHECKSUM);
  }

  /**
   * Reads the whole file to verify its checksum; does nothing if there is none.
   *
   * @throws CheckpointException if the file is not as it was written, or can't be read
   */
  public void verify() throws CheckpointException {
    try {
      requireChecksum(Blocks.checksum(file, header));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private void requireChecksum(byte[] found) throws CheckpointException {
    if (!hasChecksum()) {
      return;
    }
    int at = header.checksumAt();
    if (at < 0 || !Arrays.equals(header.bytes(), at, at + 64, found, 0, 64)) {
      throw CheckpointException.corrupt(
          path, "the checksum is wrong: the file is not as it was written");
    }
  }

  private Content allocate(TensorInfo info) throws CheckpointException {
    long size = 1;
    boolean fits = true;
    for (long length : info.shape()) {
      fits &= length <= MOST_NUMBERS;
      size *= length;
    }
    if (!fits || size > MOST_NUMBERS || info.type().bits() % Byte.SIZE != 0) {
      throw CheckpointException.refused(
          path,
          "tensor \"%s\" of %s%s can't be held in an array"
              .formatted(
                  HeaderReader.shown(info.name()), info.type(), HeaderReader.shown(info.shape())));
    }
    boolean complex = info.type() == StoredType.C64 || complex128.contains(info.name());
    return Content.allocate(info.type(), info.shape(), complex);
  }

  private Set<String> complex128() throws CheckpointException {
    String text = header.metadata().get(COMPLEX128);
    if (text == null) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (Object name : list(text)) {
      TensorInfo info = byName.get(String.valueOf(name));
      if (info == null || !isPairs(info)) {
        throw CheckpointException.corrupt(
            path,
            "%s: \"%s\" must be a tensor of F64 with a last axis of 2"
                .formatted(COMPLEX128, HeaderReader.shown(String.valueOf(name))));
      }
      names.add(info.name());
    }
    return names;
  }

  private static boolean isPairs(TensorInfo info) {
    List<Long> shape = info.shape();
    return info.type() == StoredType.F64 && !shape.isEmpty() && shape.get(shape.size() - 1) == 2;
  }

  private List<?> list(String text) throws CheckpointException {
    try {
      if (Json.parse(text) instanceof List<?> list) {
        return list;
      }
      throw CheckpointException.corrupt(path, COMPLEX128 + " must be a list of names");
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointException.corrupt(path, COMPLEX128 + " is no JSON at " + Json.problem(e));
    }
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
   * Writes a tree to a file, which is replaced as a whole: whoever reads it sees the old one or the
   * new one.
   *
   * @param metadata texts by name; names that begin with "glissade." are taken
   * @throws CheckpointException if the file can't be written
   */
  public static void write(Path path, Tree tree, Map<String, String> metadata)
      throws CheckpointException {
    Map<String, Content> contents = new LinkedHashMap<>();
    tree.toMap().forEach((name, tensor) -> contents.put(name, Content.of(tensor)));
    metadata.keySet().forEach(Safetensors::requireFree);
    SafetensorsWriter.write(path, contents, metadata);
  }

  static void requireFree(String name) {
    if (name.startsWith("glissade.")) {
      throw new IllegalArgumentException(
          "names of notes that begin with \"glissade.\" are taken: " + name);
    }
  }
}
