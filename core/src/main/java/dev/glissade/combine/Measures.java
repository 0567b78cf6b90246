package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/** The index of measures that have a name in the catalog: numbers of a whole tree. */
public final class Measures {
  private Measures() {}

  /** Measures the L2 norm. */
  public record Norm() implements Measure {
    @Override
    public Scalar of(Tree updates) {
      return updates.norm();
    }
  }

  /** Measures the L1 norm. */
  public record Norm1() implements Measure {
    @Override
    public Scalar of(Tree updates) {
      return updates.norm1();
    }
  }

  /** Measures the largest absolute value. */
  public record MaxAbs() implements Measure {
    @Override
    public Scalar of(Tree updates) {
      return updates.maxAbs();
    }
  }

  /** Measures the root mean square. */
  public record Rms() implements Measure {
    @Override
    public Scalar of(Tree updates) {
      return updates.norm().dividedBy(Math.sqrt((double) Math.max(updates.size(), 1)));
    }
  }

  /** Counts the numbers that are NaN or infinite. */
  public record NonFiniteCount() implements Measure {
    @Override
    public Scalar of(Tree updates) {
      return updates.nonFinite();
    }
  }

  /** {@return the L2 norm of all elements} */
  public static Norm norm() {
    return new Norm();
  }

  /** {@return the L1 norm of all elements, the sum of their absolute values} */
  public static Norm1 norm1() {
    return new Norm1();
  }

  /** {@return the largest absolute value of an element} */
  public static MaxAbs maxAbs() {
    return new MaxAbs();
  }

  /** {@return the root mean square of all elements; 0 for a tree without elements} */
  public static Rms rms() {
    return new Rms();
  }

  /** {@return how many numbers are NaN or infinite} */
  public static NonFiniteCount nonFinite() {
    return new NonFiniteCount();
  }
}
