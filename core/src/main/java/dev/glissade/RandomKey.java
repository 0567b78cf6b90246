package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Execution;
import dev.glissade.random.Threefry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the counter-based generator threefry2x32 (Salmon et al. 2011), the same as the
 * original's: the same seed gives the same draws. Draws from a known seed are reproducible and
 * therefore protect nobody's privacy.
 */
public final class RandomKey extends Deferred {
  private RandomKey(Node node, boolean evaluated) {
    super(node, evaluated);
  }

  /** The key of a seed. */
  public static RandomKey of(long seed) {
    return ofBits(Threefry.key(seed));
  }

  /** The key whose two 32-bit words these are, the first one high. */
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
   * The two 32-bit words, the first one high.
   *
   * @throws IllegalStateException inside of a step, where the key is not computed yet
   */
  public long bits() {
    if (!isEvaluated()) {
      throw new IllegalStateException("a deferred key has no bits inside of a step");
    }
    return node().keyValue();
  }

  /** This many keys that are independent of each other and of this one. */
  public List<RandomKey> split(int count) {
    List<RandomKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(
          isEvaluated() ? ofBits(Threefry.split(bits(), i)) : on(Node.split(node(), i), false));
    }
    return keys;
  }

  /** A key made of this one and a number. */
  public RandomKey foldIn(int data) {
    return ofBits(Threefry.foldIn(bits(), data));
  }

  /** This many independent 32-bit numbers. */
  public int[] bits32(int count) {
    int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      bits[i] = Threefry.bits32(bits(), i);
    }
    return bits;
  }

  /** Uniform draws from [0, 1), float32 or float64; each type has draws of its own. */
  public Tensor uniform(DType dtype, int... shape) {
    return draw(dtype, shape, Threefry::uniformFloat, Threefry::uniformDouble);
  }

  /** Standard normal draws, float32 or float64; each type has draws of its own. */
  public Tensor normal(DType dtype, int... shape) {
    return draw(dtype, shape, Threefry::normalFloat, Threefry::normalDouble);
  }

  /** The draw of a key at an index. */
  private interface Draw {
    double at(long key, long index);
  }

  private Tensor draw(DType dtype, int[] shape, Draw single, Draw wide) {
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
      throw new IllegalArgumentException("draws are float32 or float64: " + dtype);
    }
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
