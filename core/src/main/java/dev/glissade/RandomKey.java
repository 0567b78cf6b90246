package dev.glissade;

import dev.glissade.fuse.Node;
import dev.glissade.random.Threefry;
import java.util.ArrayList;
import java.util.List;

/**
 * A key of the counter-based generator threefry2x32 (Salmon et al. 2011), the same as the
 * original's: the same seed gives the same draws. Draws from a known seed are reproducible and
 * therefore protect nobody's privacy.
 */
public final class RandomKey {
  private final Node node;
  private final boolean concrete;

  RandomKey(Node node, boolean concrete) {
    this.node = node;
    this.concrete = concrete;
  }

  /** The key of a seed. */
  public static RandomKey of(long seed) {
    return ofBits(Threefry.key(seed));
  }

  /** The key whose two 32-bit words these are, the first one high. */
  public static RandomKey ofBits(long bits) {
    return new RandomKey(Node.key(bits), true);
  }

  Node node() {
    return node;
  }

  boolean isConcrete() {
    return concrete;
  }

  /**
   * The two 32-bit words, the first one high.
   *
   * @throws IllegalStateException inside of a step, where the key is not computed yet
   */
  public long bits() {
    if (!concrete) {
      throw new IllegalStateException("a deferred key has no bits inside of a step");
    }
    return node.keyValue();
  }

  /** This many keys that are independent of each other and of this one. */
  public List<RandomKey> split(int count) {
    List<RandomKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(
          concrete ? ofBits(Threefry.split(bits(), i)) : new RandomKey(Node.split(node, i), false));
    }
    return keys;
  }

  /** A key made of this one and a number. */
  public RandomKey foldIn(int data) {
    return ofBits(Threefry.foldIn(bits(), data));
  }

  @Override
  public String toString() {
    return concrete ? "key[%d, %d]".formatted(bits() >>> 32, bits() & 0xffffffffL) : "deferred";
  }
}
