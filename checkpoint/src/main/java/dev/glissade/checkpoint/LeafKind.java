package dev.glissade.checkpoint;

import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kind of value at a leaf of a stored value, and how its numbers are stored. */
enum LeafKind {
  /** Stored without a tensor. */
  NULL("null", Void.class, null, 0),
  /** Stored as a tensor for each of its leaves. */
  TREE("a tree", Tree.class, null, 0),
  TENSOR("a tensor", Tensor.class, null, 0),
  SCALAR("a scalar", Scalar.class, StoredType.F64, 0),
  /** Stored as two words, the high one first. */
  KEY("a random key", RandomKey.class, StoredType.U32, 2),
  DOUBLE("a double", Double.class, StoredType.F64, 0),
  FLOAT("a float", Float.class, StoredType.F32, 0),
  LONG("a long", Long.class, StoredType.I64, 0),
  INT("an int", Integer.class, StoredType.I32, 0),
  BOOLEAN("a boolean", Boolean.class, StoredType.BOOL, 0),
  DOUBLES("doubles", double[].class, StoredType.F64, -1),
  FLOATS("floats", float[].class, StoredType.F32, -1),
  LONGS("longs", long[].class, StoredType.I64, -1),
  INTS("ints", int[].class, StoredType.I32, -1),
  BYTES("bytes", byte[].class, StoredType.U8, -1);

  private final String label;
  private final Class<?> type;
  private final @Nullable StoredType stored;

  /** The length of the only axis; 0 for no axis, negative for any length. */
  private final int length;

  LeafKind(String label, Class<?> type, @Nullable StoredType stored, int length) {
    this.label = label;
    this.type = type;
    this.stored = stored;
    this.length = length;
  }

  /** Returns the kind's name in files and errors. */
  String label() {
    return label;
  }

  static LeafKind labeled(String label) {
    for (LeafKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "a leaf must be one of the known kinds, but was \"%s\"".formatted(label));
  }

  /** Returns the kind of a leaf; null if the leaf can't be stored. */
  static @Nullable LeafKind of(@Nullable Object leaf) {
    if (leaf == null) {
      return NULL;
    }
    for (LeafKind kind : values()) {
      if (kind.type == leaf.getClass()) {
        return kind;
      }
    }
    return null;
  }

  /** Returns whether a tensor of the file can be of this kind. */
  boolean fits(Content content) {
    if (this == TENSOR) {
      return content.type().dtype() != null;
    }
    List<Long> shape = content.shape();
    boolean form = length == 0 ? shape.isEmpty() : shape.size() == 1;
    form &= length <= 0 || shape.equals(List.of((long) length));
    return content.type() == stored && form && !content.isComplex();
  }

  /** Returns the numbers of a leaf of this kind, which must not be a tree. */
  Content content(Object leaf) {
    if (leaf instanceof Tensor tensor) {
      return Content.of(tensor);
    }
    Object array = array(leaf);
    if (stored == null) {
      throw new IllegalStateException("a leaf must be stored as one tensor, but was " + label);
    }
    return Content.of(
        stored, length == 0 ? List.of() : List.of((long) Array.getLength(array)), array);
  }

  private static Object array(Object leaf) {
    if (leaf instanceof Scalar scalar) {
      return new double[] {scalar.value()};
    }
    if (leaf instanceof RandomKey key) {
      return new int[] {(int) (key.bits() >>> Integer.SIZE), (int) key.bits()};
    }
    if (leaf instanceof Double number) {
      return new double[] {number};
    }
    if (leaf instanceof Float number) {
      return new float[] {number};
    }
    if (leaf instanceof Long number) {
      return new long[] {number};
    }
    if (leaf instanceof Integer number) {
      return new int[] {number};
    }
    return leaf instanceof Boolean truth ? new byte[] {(byte) (truth ? 1 : 0)} : leaf;
  }

  /** Returns the value of numbers that {@link #fits} accepts. */
  Object value(Content content) {
    if (this == TENSOR) {
      return content.tensor();
    }
    Object array = content.planes().get(0);
    return switch (this) {
      case SCALAR -> Scalar.of(((double[]) array)[0]);
      case KEY -> key((int[]) array);
      case DOUBLE -> ((double[]) array)[0];
      case FLOAT -> ((float[]) array)[0];
      case LONG -> ((long[]) array)[0];
      case INT -> ((int[]) array)[0];
      case BOOLEAN -> ((byte[]) array)[0] != 0;
      default -> array;
    };
  }

  private static RandomKey key(int[] words) {
    return RandomKey.ofBits(
        Integer.toUnsignedLong(words[0]) << Integer.SIZE | Integer.toUnsignedLong(words[1]));
  }
}
