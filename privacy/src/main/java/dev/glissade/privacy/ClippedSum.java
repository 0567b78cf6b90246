package dev.glissade.privacy;

import static java.util.Objects.requireNonNull;

import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of the clipped gradients of a batch, or of a part of it. Threads or machines that share a
 * batch have a sum each; {@link PrivateTraining#add(ClippedSum)} joins them.
 *
 * <p>With a grid, the sum is exact: it rounds each clipped gradient to whole steps of the grid and
 * adds these without rounding, even in float32. So neither the order of the examples nor the way
 * they are shared out changes a bit of it.
 *
 * <p>Not thread-safe.
 */
public final class ClippedSum {
  /** A float holds this many examples of at most 2^20 steps; then {@link CarryPropagation} runs. */
  private static final int EXAMPLES_PER_CARRY = 15;

  /** The bytes of the batch, the clip, the grid, the examples, and the norms at most the clip. */
  private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES + 3 * Double.BYTES;

  /** Two floats hold this many examples. */
  private static final int MOST_EXAMPLES = 1 << 19;

  private final Tree low;
  private final Clipping clipping;
  private final Stepper<ClippedAddition.Tally> adding;
  private final @Nullable Stepper<CarryPropagation.High> carry;
  private Terms terms;
  private int examples;
  private double[] norms;

  /**
   * What the sums of one batch have in common.
   *
   * @param clipping how each example's gradient is clipped
   * @param l2NormClip the clip C of this batch
   * @param gridStep the step of the grid, a power of two; 0 for sums in floating point
   * @param keepsNorms whether the sums keep the norms before clipping, which are not private
   * @param batch tells this batch from all others, so that no sum counts for two
   */
  public record Terms(
      Clipping clipping, double l2NormClip, double gridStep, boolean keepsNorms, long batch)
      implements Serializable {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the clip is not positive or the step not a power of two
     */
    public Terms {
      Check.positive("l2NormClip", l2NormClip);
      Check.notNegative("gridStep", gridStep);
      Check.that(
          gridStep == 0 || gridStep == Math.scalb(1.0, Math.getExponent(gridStep)),
          "gridStep must be a power of two",
          gridStep);
    }
  }

  /**
   * Creates an empty sum.
   *
   * @param params parameters whose paths, shapes and types the gradients have
   * @param terms what {@link PrivateTraining#terms} returns for this batch
   */
  public ClippedSum(Tree params, Terms terms) {
    Structure form = params.structure().computed();
    this.low = params.zeros().as(form).evaluate();
    this.clipping = terms.clipping();
    this.adding = Stepper.borrowing(new ClippedAddition(clipping), low);
    this.carry = terms.gridStep() > 0 ? Stepper.borrowing(new CarryPropagation(), low) : null;
    this.norms = new double[0];
    this.terms = terms;
    begin(terms);
  }

  /**
   * Drops everything added and begins the sum of another batch.
   *
   * @param next the terms of that batch, with the same clipping and with a grid if these have one
   * @throws IllegalArgumentException if the clipping is another, or only one of the terms has a
   *     grid
   */
  public void begin(Terms next) {
    Check.that(next.clipping().equals(clipping), "clipping must be " + clipping, next.clipping());
    Check.that(
        next.gridStep() > 0 == (carry != null),
        "gridStep must be " + (carry == null ? "0" : "positive"),
        next.gridStep());
    terms = next;
    examples = 0;
    clear(low);
    Scalar none = Scalar.of(0);
    Scalar step = Scalar.of(next.gridStep());
    adding.updateState(
        tally -> new ClippedAddition.Tally(Scalar.of(next.l2NormClip()), step, none, none));
    if (carry != null) {
      clear(carry.liveState().high());
      carry.updateState(state -> new CarryPropagation.High(state.high(), step));
    }
  }

  /** {@return the terms of the batch} */
  public Terms terms() {
    return terms;
  }

  /** {@return the number of examples added} */
  public int examples() {
    return examples;
  }

  /**
   * Sets how many threads work on gradients of over a million elements; see {@link
   * Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public ClippedSum threads(int threads) {
    adding.threads(threads);
    if (carry != null) {
      carry.threads(threads);
    }
    return this;
  }

  /**
   * Clips one example's gradient and adds it.
   *
   * @param gradient a tree with the parameters' paths, shapes and computed types, without a batch
   *     axis
   * @throws IllegalArgumentException if the gradient does not match the parameters, or if a sum
   *     with a grid would have more than 2^19 examples
   */
  public void add(Tree gradient) {
    requireRoomFor(1);
    adding.step(gradient);
    examples++;
    if (carry != null && examples % EXAMPLES_PER_CARRY == 0) {
      carry.step(gradient);
    }
    if (terms.keepsNorms()) {
      norms = examples > norms.length ? Arrays.copyOf(norms, Math.max(16, 2 * examples)) : norms;
      norms[examples - 1] = adding.liveState().norm().value();
    }
  }

  private void requireRoomFor(int more) {
    if (carry != null && more > MOST_EXAMPLES - examples) {
      throw new IllegalArgumentException(
          "a batch must have at most 2^19 examples with secure noise, but had %d"
              .formatted((long) examples + more));
    }
  }

  /**
   * Adds the sum of another part of the batch.
   *
   * @param part a sum on the same terms, which keeps its value; no other thread may use it
   *     meanwhile
   * @throws IllegalArgumentException if the part's terms or structure are others, or if a sum with
   *     a grid would have more than 2^19 examples
   */
  public void add(ClippedSum part) {
    Check.that(part.terms.equals(terms), "the part must have the terms " + terms, part.terms);
    Check.that(
        part.low.structure().equals(low.structure()),
        "the part must have the structure " + low.structure(),
        part.low.structure());
    requireRoomFor(part.examples);
    if (carry == null) {
      addInto(low, part.low);
    } else {
      Stepper<CarryPropagation.High> theirs = requireNonNull(part.carry);
      // Leaves at most half a unit in each low word, so that their sum is exact. A carry takes no
      // gradients: any tree of the structure does.
      carry.step(part.low);
      theirs.step(low);
      addInto(low, part.low);
      addInto(carry.liveState().high(), theirs.liveState().high());
      carry.step(part.low);
    }
    below(below() + part.below());
    if (terms.keepsNorms()) {
      norms = Arrays.copyOf(norms, examples + part.examples);
      System.arraycopy(part.norms, 0, norms, examples, part.examples);
    }
    examples += part.examples;
  }

  /**
   * Returns this sum as bytes for another process, which {@link #ofBytes} reads.
   *
   * @return about eight bytes for each parameter in float32, sixteen in float64
   */
  public byte[] toBytes() {
    List<Tree> words = words();
    int numbers = words.stream().mapToInt(ClippedSum::bytes).reduce(HEAD_BYTES, Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(numbers, norms().length * Double.BYTES));
    bytes.putLong(terms.batch()).putDouble(terms.l2NormClip()).putDouble(terms.gridStep());
    bytes.putInt(examples).putDouble(below());
    for (double norm : norms()) {
      bytes.putDouble(norm);
    }
    for (Tree word : words) {
      for (String path : word.paths()) {
        if (word.get(path).array() instanceof float[] floats) {
          bytes.asFloatBuffer().put(floats);
          bytes.position(bytes.position() + floats.length * Float.BYTES);
        } else if (word.get(path).array() instanceof double[] doubles) {
          bytes.asDoubleBuffer().put(doubles);
          bytes.position(bytes.position() + doubles.length * Double.BYTES);
        }
      }
    }
    return bytes.array();
  }

  /**
   * Reads the sum of a part that another process has computed.
   *
   * @param params parameters of the same structure as the part's
   * @param terms the part's terms
   * @param bytes what {@link #toBytes} returned
   * @return the sum
   * @throws IllegalArgumentException if the bytes are not those of a sum on these terms and of this
   *     batch
   */
  public static ClippedSum ofBytes(Tree params, Terms terms, byte[] bytes) {
    ClippedSum sum = new ClippedSum(params, terms);
    int least = sum.words().stream().mapToInt(ClippedSum::bytes).reduce(HEAD_BYTES, Math::addExact);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    require(bytes.length >= least, "at least " + least + " bytes", bytes.length);
    require(in.getLong() == terms.batch(), "those of the batch", "another batch's");
    double clip = in.getDouble();
    require(clip == terms.l2NormClip(), "clipped to " + terms.l2NormClip(), clip);
    double grid = in.getDouble();
    require(grid == terms.gridStep(), "on the grid " + terms.gridStep(), grid);
    sum.examples = in.getInt();
    require(
        sum.examples >= 0 && (sum.carry == null || sum.examples <= MOST_EXAMPLES),
        "a sum of 0 to 2^19 examples",
        sum.examples);
    double below = in.getDouble();
    long length = least + (terms.keepsNorms() ? (long) sum.examples * Double.BYTES : 0);
    require(bytes.length == length, length + " bytes", bytes.length);
    sum.norms = new double[terms.keepsNorms() ? sum.examples : 0];
    in.asDoubleBuffer().get(sum.norms);
    in.position(in.position() + sum.norms.length * Double.BYTES);
    sum.words().forEach(word -> read(word, in));
    sum.below(below);
    return sum;
  }

  private static void require(boolean holds, String rule, Object value) {
    Check.that(holds, "the bytes of a part must be " + rule, value);
  }

  private List<Tree> words() {
    Tree high = high();
    return high == null ? List.of(low) : List.of(low, high);
  }

  private static int bytes(Tree word) {
    return word.paths().stream()
        .map(word::get)
        .mapToInt(leaf ->
            Math.multiplyExact(
                leaf.size(), leaf.array() instanceof float[] ? Float.BYTES : Double.BYTES))
        .reduce(0, Math::addExact);
  }

  private static void read(Tree word, ByteBuffer in) {
    for (String path : word.paths()) {
      if (word.get(path).array() instanceof float[] floats) {
        in.asFloatBuffer().get(floats);
        in.position(in.position() + floats.length * Float.BYTES);
        for (float number : floats) {
          require(Float.isFinite(number), "finite", number);
        }
      } else if (word.get(path).array() instanceof double[] doubles) {
        in.asDoubleBuffer().get(doubles);
        in.position(in.position() + doubles.length * Double.BYTES);
        for (double number : doubles) {
          require(Double.isFinite(number), "finite", number);
        }
      }
    }
  }

  private void below(double below) {
    adding.updateState(tally ->
        new ClippedAddition.Tally(
            tally.l2NormClip(), tally.step(), Scalar.of(below), tally.norm()));
  }

  /** Returns how many norms were at most the clip. */
  double below() {
    return adding.liveState().below().value();
  }

  /** Returns the norms before clipping, if the terms ask for them. */
  double[] norms() {
    return Arrays.copyOf(norms, terms.keepsNorms() ? examples : 0);
  }

  /** Returns the low word, valid until the next change. */
  Tree low() {
    return low;
  }

  /** Returns the high word, valid until the next change; null without a grid. */
  @Nullable Tree high() {
    return carry == null ? null : carry.liveState().high();
  }

  private static void addInto(Tree sum, Tree part) {
    for (String path : sum.paths()) {
      Object to = sum.get(path).array();
      if (to instanceof float[] floats) {
        float[] from = (float[]) part.get(path).array();
        for (int i = 0; i < floats.length; i++) {
          floats[i] += from[i];
        }
      } else {
        double[] doubles = (double[]) to;
        double[] from = (double[]) part.get(path).array();
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] += from[i];
        }
      }
    }
  }

  private static void clear(Tree own) {
    for (String path : own.paths()) {
      Object array = own.get(path).array();
      if (array instanceof float[] floats) {
        Arrays.fill(floats, 0);
      } else {
        Arrays.fill((double[]) array, 0);
      }
    }
  }
}
