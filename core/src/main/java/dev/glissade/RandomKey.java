package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Execution;
import dev.glissade.random.Threefry;
import dev.glissade.records.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the counter-based generator threefry2x32 (Salmon et al., "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). The same seed gives the same draws as in JAX. Draws from a known seed
 * are reproducible, so they do not protect privacy.
 */
public final class RandomKey extends Deferred {
  private RandomKey(Node node, boolean evaluated) {
    super(node, evaluated);
  }

  /**
   * {@return the key for a seed, as {@code jax.random.key} makes it with 64-bit integers enabled}
   *
   * @param seed any number
   */
  public static RandomKey of(long seed) {
    return ofBits(Threefry.key(seed));
  }

  /**
   * {@return the key that consists of two 32-bit words}
   *
   * @param bits the two words, the first one in the high bits
   */
  public static RandomKey ofBits(long bits) {
    return new RandomKey(Node.key(bits), true);
  }

  @Override
  Object signature() {
    return RandomKey.class;
  }

  @Override
  RandomKey on(Node other, boolean isEvaluated) {
    return new RandomKey(other, isEvaluated);
  }

  @Override
  boolean isOwned() {
    return node().isConstant();
  }

  @Override
  Node variable() {
    return Node.key(bits());
  }

  @Override
  Target target(@Nullable Node over) {
    return Target.value(node());
  }

  @Override
  void bind(Execution execution, Node to) {
    execution.bind(to, bits());
  }

  @Override
  RandomKey read(Execution execution, int target) {
    return ofBits(execution.key(target));
  }

  @Override
  RandomKey orElse(Scalar condition, Deferred other) {
    return on(Node.choose(condition.node(), node(), other.node(), null), false);
  }

  /**
   * Returns the two 32-bit words of this key.
   *
   * @return the words, the first one in the high bits
   * @throws IllegalStateException inside a step, where the key is not computed yet
   */
  public long bits() {
    if (!isEvaluated()) {
      throw new IllegalStateException(
          "the bits of a key must not be read inside a step, where it is not computed yet");
    }
    return node().keyValue();
  }

  /**
   * {@return new keys, independent of each other and of this one}
   *
   * @param count the number of keys, not negative
   * @throws IllegalArgumentException if count is negative
   */
  public List<RandomKey> split(int count) {
    Check.that(count >= 0, "count must not be negative", count);
    List<RandomKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(
          isEvaluated() ? ofBits(Threefry.split(bits(), i)) : on(Node.split(node(), i), false));
    }
    return keys;
  }

  /**
   * {@return a key derived from this one and a number, as {@code jax.random.fold_in} does}
   *
   * @param data any number; different numbers give independent keys
   * @throws IllegalStateException inside a step, where the key is not computed yet
   */
  public RandomKey foldIn(int data) {
    return ofBits(Threefry.foldIn(bits(), data));
  }

  /**
   * {@return independent 32-bit numbers, each value equally likely}
   *
   * @param count how many
   * @throws IllegalStateException inside a step, where the key is not computed yet
   */
  public int[] bits32(int count) {
    int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      bits[i] = Threefry.bits32(bits(), i);
    }
    return bits;
  }

  /**
   * Returns uniform draws from [0, 1). float32 and float64 draws of one key differ.
   *
   * @param dtype float32 or float64
   * @param shape the lengths of the axes
   * @return the draws
   * @throws IllegalArgumentException if the type is neither float32 nor float64
   * @throws IllegalStateException inside a step, where the key is not computed yet
   */
  public Tensor uniform(DType dtype, int... shape) {
    return draw(dtype, shape, Threefry::uniformFloat, Threefry::uniformDouble);
  }

  /**
   * Returns standard normal draws. float32 and float64 draws of one key differ.
   *
   * @param dtype float32 or float64
   * @param shape the lengths of the axes
   * @return the draws
   * @throws IllegalArgumentException if the type is neither float32 nor float64
   * @throws IllegalStateException inside a step, where the key is not computed yet
   */
  public Tensor normal(DType dtype, int... shape) {
    return draw(dtype, shape, Threefry::normalFloat, Threefry::normalDouble);
  }

  /** Returns the draw of a key at an index. */
  private interface Draw {
    double at(long key, long index);
  }

  private Tensor draw(DType dtype, int[] shape, Draw single, Draw wide) {
    Check.that(
        dtype == DType.FLOAT32 || dtype == DType.FLOAT64,
        "the type of draws must be float32 or float64",
        dtype);
    long key = bits();
    Draw draw = dtype == DType.FLOAT32 ? single : wide;
    double[] numbers = new double[Structure.size(shape)];
    Arrays.setAll(numbers, i -> draw.at(key, i));
    return Tensor.of(dtype, numbers, shape);
  }

  @Override
  public String toString() {
    return isEvaluated()
        ? "key[%d, %d]".formatted(bits() >>> 32, bits() & 0xffffffffL)
        : "deferred";
  }
}
