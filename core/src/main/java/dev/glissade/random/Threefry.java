package dev.glissade.random;

/**
 * The counter-based generator threefry2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3", SC 2011), and the draws that JAX computes from it with
 * {@code jax_threefry_partitionable}. Element {@code i} of an array depends on the key and {@code
 * i} alone, so arrays can be filled in any order, in parts, by any thread.
 *
 * <p>A key is two 32-bit words in one long, the first one in the high bits. An index counts the
 * elements of an array in row-major order, from 0. Do not use these draws as secrets: anyone who
 * knows the seed can compute them.
 */
public final class Threefry {
  private static final int PARITY = 0x1BD11BDA;
  private static final long LOW = 0xffffffffL;
  private static final double SQRT2 = Math.sqrt(2);

  private Threefry() {}

  /**
   * {@return the key of a seed, as {@code jax.random.key(seed)} makes it with 64-bit integers
   * enabled} Without them, JAX drops the high bits: {@code seed & 0xffffffffL} gives that key.
   *
   * @param seed any number; its high 32 bits are the first word
   */
  public static long key(long seed) {
    return seed;
  }

  /**
   * {@return one of the keys of {@code jax.random.split(key, n)}, the same for every n}
   *
   * @param key the key to split
   * @param index which of the new keys, from 0
   */
  public static long split(long key, long index) {
    return block(key, index);
  }

  /**
   * {@return a key derived from a key and a number, as {@code jax.random.fold_in(key, data)} does}
   *
   * @param key the key
   * @param data any number, taken as unsigned
   */
  public static long foldIn(long key, int data) {
    return block(key, data & LOW);
  }

  /**
   * {@return one element of 32-bit words, each value equally likely}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static int bits32(long key, long index) {
    long block = block(key, index);
    return (int) (block >>> 32) ^ (int) block;
  }

  /**
   * {@return one element of 64-bit words, each value equally likely}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static long bits64(long key, long index) {
    return block(key, index);
  }

  /**
   * {@return one element of floats uniform on [0, 1): multiples of 2^-23}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static float uniformFloat(long key, long index) {
    return (bits32(key, index) >>> 9) * 0x1p-23f;
  }

  /**
   * {@return one element of doubles uniform on [0, 1): multiples of 2^-52}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static double uniformDouble(long key, long index) {
    return (bits64(key, index) >>> 12) * 0x1p-52;
  }

  /**
   * Returns one element of standard normal floats: {@code sqrt(2) erfinv(u)} with u uniform on (-1,
   * 1), which is within +-5.43.
   *
   * @param key the key of the array
   * @param index the element's index
   * @return the draw
   */
  public static float normalFloat(long key, long index) {
    // u = 2 k 2^-23 - (1 - 2^-24) for 23 random bits k
    int k = bits32(key, index) >>> 9;
    float u = (4 * k + 1 - (1 << 24)) * 0x1p-24f;
    return (float) (SQRT2 * InverseError.of(u));
  }

  /**
   * Returns one element of standard normal doubles: {@code sqrt(2) erfinv(u)} with u uniform on
   * (-1, 1), which is within +-8.30.
   *
   * @param key the key of the array
   * @param index the element's index
   * @return the draw
   */
  public static double normalDouble(long key, long index) {
    // u = 2 k 2^-52 - (1 - 2^-53) for 52 random bits k; the quantile takes u / 2
    long k = bits64(key, index) >>> 12;
    return NormalQuantile.of((4 * k + 1 - (1L << 53)) * 0x1p-54);
  }

  /**
   * {@return 1 where the uniform double of this key and index is below 1/2, else -1}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static double rademacherDouble(long key, long index) {
    return bits64(key, index) >= 0 ? 1 : -1;
  }

  /**
   * {@return the same sign as {@link #rademacherDouble}}
   *
   * @param key the key of the array
   * @param index the element's index
   */
  public static float rademacherFloat(long key, long index) {
    return bits64(key, index) >= 0 ? 1 : -1;
  }

  /**
   * Returns the counter encrypted with the key; both are two words, the first one in the high bits.
   */
  private static long block(long key, long counter) {
    int k0 = (int) (key >>> 32);
    int k1 = (int) key;
    int k2 = k0 ^ k1 ^ PARITY;
    long x = pack((int) (counter >>> 32) + k0, (int) counter + k1);
    x = rounds(x, 13, 15, 26, 6, k1, k2 + 1);
    x = rounds(x, 17, 29, 16, 24, k2, k0 + 2);
    x = rounds(x, 13, 15, 26, 6, k0, k1 + 3);
    x = rounds(x, 17, 29, 16, 24, k1, k2 + 4);
    return rounds(x, 13, 15, 26, 6, k2, k0 + 5);
  }

  /** Computes four rounds, each {@code x0 += x1; x1 = rotate(x1) ^ x0}, then adds the key words. */
  private static long rounds(long x, int a, int b, int c, int d, int key0, int key1) {
    int x0 = (int) (x >>> 32);
    int x1 = (int) x;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, a) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, b) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, c) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, d) ^ x0;
    return pack(x0 + key0, x1 + key1);
  }

  private static long pack(int high, int low) {
    return ((long) high << 32) | (low & LOW);
  }
}
