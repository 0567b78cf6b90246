package dev.glissade.tribuo;

import static java.util.Objects.requireNonNull;

import com.oracle.labs.mlrg.olcut.config.Config;
import com.oracle.labs.mlrg.olcut.config.PropertyException;
import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.records.Check;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tribuo.math.Parameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.ParameterAveraging;

/**
 * A Glissade optimizer for Tribuo's trainers: {@code GlissadeOptimiser.of(Contrib.prodigy())} in
 * place of {@code new Adam()}. If the trainer has minibatches, state their size, which an optimiser
 * can't find out: {@code GlissadeOptimiser.of(Contrib.prodigy()).minibatchSize(32)}.
 *
 * <p>Tribuo's gradients are those of ascent, and those of a minibatch are B times the sum over its
 * examples, B being the minibatch size. The optimizer gets the mean gradient of descent: {@code
 * -weight * gradients} for B = 1, with the example's weight, else {@code -gradients / (B^2 *
 * weight)}, where Tribuo's weight of a minibatch is its number of examples divided by B. All
 * numbers are float64. Each step steps all parameters, also where sparse gradients are zero.
 *
 * <p>{@link #step} writes the parameters itself and returns an empty array, so that the trainer
 * adds nothing. Between {@link #initialise} and {@link #reset}, nothing else may change their
 * numbers. {@link #finalise} leaves the parameters to evaluate in the model ({@link
 * GradientTransformation#evalParams}).
 *
 * <p>An object configures trainings: a trainer takes a {@link #copy} for each, so one object serves
 * several trainings, one after the other or in several threads. For a training loop of your own,
 * call {@code initialise}, {@code step}, {@code finalise} and {@code reset} yourself, in one thread
 * at a time. If a step throws, parameters and state stay as they were.
 */
public final class GlissadeOptimiser implements StochasticGradientOptimiser {
  private static final Tensor[] NOTHING = new Tensor[0];

  @Config(mandatory = true, description = "A name of Glissade's catalog, such as prodigy, or JSON.")
  private String optimizer = "";

  @Config(description = "The optimizer's arguments, by their documented names.")
  private Map<String, String> arguments = new HashMap<>();

  @Config(description = "The trainer's minibatch size.")
  private int minibatchSize = 1;

  @Config(description = "Whether examples in minibatches have weights other than 1.")
  private boolean weighted = false;

  @Config(description = "How many calls of step make one step.")
  private int accumulate = 1;

  @Config(
      description = "The threads for large parameters; 0 for one for each processor, at most 8.")
  private int threads = 0;

  @Config(description = "What to do with gradients that are not finite: ALLOW, SKIP or ERROR.")
  private NonFinite.Action nonFinite = NonFinite.Action.ALLOW;

  private @Nullable GradientTransformation<?> transformation;
  private NonFinite policy = NonFinite.ALLOW;
  private @Nullable Checkpoint start;
  private @Nullable SavedSteps saved;

  /** What the training that ended last has learned, of this object or a copy. */
  private final AtomicReference<Map<String, Double>> learned;

  private @Nullable TribuoRun run;

  /** For OLCUT. */
  private GlissadeOptimiser() {
    this.learned = new AtomicReference<>(Map.of());
  }

  private GlissadeOptimiser(GlissadeOptimiser other) {
    this.optimizer = other.optimizer;
    this.arguments = new LinkedHashMap<>(other.arguments);
    this.minibatchSize = other.minibatchSize;
    this.weighted = other.weighted;
    this.accumulate = other.accumulate;
    this.threads = other.threads;
    this.nonFinite = other.nonFinite;
    this.transformation = other.transformation;
    this.policy = other.policy;
    this.start = other.start;
    this.saved = other.saved;
    this.learned = other.learned;
  }

  /**
   * Returns an optimiser for Tribuo's trainers. Its configuration and provenance name the optimizer
   * and all of its arguments, so that a configuration made of a model's provenance makes it again;
   * of an optimizer that contains code of yours, such as a lambda, they name the class only.
   *
   * @param optimizer an optimizer of mean gradients that asks for nothing else
   * @return the optimiser, for minibatches of 1
   * @throws IllegalArgumentException if the optimizer takes per-example gradients
   */
  public static GlissadeOptimiser of(GradientTransformation<?> optimizer) {
    requireNonNull(optimizer, "optimizer must not be null");
    GlissadeOptimiser made = new GlissadeOptimiser();
    OptimizerArguments text = OptimizerArguments.of(optimizer);
    made.optimizer = text.optimizer();
    made.arguments = text.arguments();
    made.transformation = OptimizerArguments.requireMean(optimizer);
    return made;
  }

  /**
   * Sets the trainer's minibatch size. If it was forgotten, steps are up to B^2 times too large;
   * Tribuo does not tell an optimiser the size, but if the gradients or weights of Tribuo's
   * trainers show that it is wrong, the log has one warning for each training.
   *
   * @param size the size, by default 1; must be the trainer's
   * @return this
   */
  public GlissadeOptimiser minibatchSize(int size) {
    minibatchSize = Check.atLeast("minibatchSize", 1, size);
    return this;
  }

  /**
   * Sets whether examples in minibatches have weights other than 1. Tribuo does not weight the
   * gradients in a minibatch, but gives the optimiser the sum of the weights, divided by B. Then
   * the factor is {@code -weight / B^2}: the mean gradient times the mean weight, and less for the
   * last minibatch of an epoch if it is smaller. To weight each example, use {@link #accumulate} in
   * place of minibatches.
   *
   * @param weights by default false, and then a step refuses what can't be a number of examples
   * @return this
   */
  public GlissadeOptimiser weighted(boolean weights) {
    weighted = weights;
    return this;
  }

  /**
   * Accumulates gradients: every n-th call of {@link #step} takes a step on their mean, and {@link
   * #finalise} on the mean of those that are left. In place of the trainer's minibatches this
   * weights each example, works for factorization machines on sparse examples and for CRFs, whose
   * minibatches fail in Tribuo 4.3.2, and makes a step on sparse gradients cheap.
   *
   * @param calls the number of calls, by default 1
   * @return this
   */
  public GlissadeOptimiser accumulate(int calls) {
    accumulate = Check.atLeast("accumulate", 1, calls);
    return this;
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param count the number of threads, at least 1; by default one for each processor, at most 8
   * @return this
   */
  public GlissadeOptimiser threads(int count) {
    threads = Check.atLeast("threads", 1, count);
    return this;
  }

  /**
   * Sets what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   *
   * @param what the policy, by default {@link NonFinite#ALLOW}; a configuration has no limit on the
   *     number of skipped steps
   * @return this
   */
  public GlissadeOptimiser nonFinite(NonFinite what) {
    policy = requireNonNull(what, "what must not be null");
    nonFinite = what.action();
    return this;
  }

  /**
   * Saves checkpoints during each training and at its end. If saving fails, the log has an error
   * and the training continues. Use one folder for one training at a time.
   *
   * @param where the folder
   * @param steps how many steps are between two checkpoints, at least 1
   * @return this
   */
  public GlissadeOptimiser saveTo(Checkpoints where, int steps) {
    requireNonNull(where, "where must not be null");
    saved = SavedSteps.in(where, Check.atLeast("steps", 1, steps));
    return this;
  }

  /**
   * Continues from a checkpoint: each training starts with its parameters, state and number of
   * steps. The trainer still runs all of its epochs, on examples shuffled by its own seed.
   *
   * @param checkpoint a checkpoint of the same optimizer and a model of the same shapes
   * @return this
   */
  public GlissadeOptimiser resumeFrom(Checkpoint checkpoint) {
    start = requireNonNull(checkpoint, "checkpoint must not be null");
    return this;
  }

  /** {@inheritDoc} OLCUT calls this. */
  @Override
  public void postConfig() {
    try {
      transformation =
          OptimizerArguments.requireMean(new OptimizerArguments(optimizer, arguments).read());
      minibatchSize(minibatchSize);
      accumulate(accumulate);
      threads = Check.atLeast("threads", 0, threads);
    } catch (IllegalArgumentException e) {
      // With its cause, OLCUT says the sentence twice.
      throw new PropertyException((Throwable) null, "GlissadeOptimiser: " + e.getMessage());
    }
    policy =
        switch (nonFinite) {
          case ALLOW -> NonFinite.ALLOW;
          case SKIP -> NonFinite.SKIP;
          case ERROR -> NonFinite.ERROR;
        };
  }

  /**
   * Begins a training.
   *
   * @param parameters the model's parameters: dense vectors and matrices
   * @throws IllegalArgumentException if a parameter is of another class
   * @throws IllegalStateException if this is inside Tribuo's {@link ParameterAveraging}, which
   *     would average nothing
   * @throws UncheckedIOException if the checkpoint to resume from has another optimizer or other
   *     parameters; then nothing has changed
   */
  @Override
  public void initialise(Parameters parameters) {
    requireNonNull(parameters, "parameters must not be null");
    TribuoCaller caller = TribuoCaller.find();
    if (caller == TribuoCaller.AVERAGING) {
      throw new IllegalStateException(
          "GlissadeOptimiser must not be inside ParameterAveraging, which would see no updates to"
              + " average: use GlissadeOptimiser.of(Transforms.swa(...)) or paramsEma");
    }
    GradientTransformation<?> made = transformation;
    if (made == null) {
      throw new IllegalStateException("the optimiser must be configured: call postConfig first");
    }
    TribuoRun begun = new TribuoRun(parameters, made, accumulate, caller);
    if (threads > 0) {
      begun.stepper().threads(threads);
    }
    if (policy.action() != NonFinite.Action.ALLOW) {
      begun.stepper().nonFinite(policy);
    }
    if (start != null) {
      try {
        begun.resume(start);
      } catch (CheckpointException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    run = begun;
  }

  private TribuoRun run() {
    if (run == null) {
      throw new IllegalStateException(
          "a training must have begun: call initialise first, as Tribuo's trainers do");
    }
    return run;
  }

  /**
   * Takes a step, or with {@link #accumulate} waits for more gradients. Writes the parameters.
   *
   * @param updates the gradients of ascent, one for each parameter, sparse or dense; they are only
   *     read
   * @param weight the example's weight, or for minibatches the sum of the examples' weights divided
   *     by the minibatch size
   * @return an empty array: nothing is left for Tribuo to add
   * @throws IllegalArgumentException if the gradients don't fit the parameters, the weight does not
   *     fit the minibatch size, or the optimizer needs more than gradients
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it; the gradients accumulated so far are then dropped
   */
  @Override
  public Tensor[] step(Tensor[] updates, double weight) {
    requireNonNull(updates, "updates must not be null");
    TribuoRun now = run();
    MinibatchWeights weights = new MinibatchWeights(minibatchSize, weighted);
    if (now.step(updates, weight, weights) && saved != null) {
      saved.stepped(now);
    }
    return NOTHING;
  }

  /**
   * Ends a training: takes a step with accumulated gradients that are left, saves a checkpoint if
   * {@link #saveTo} says so, and puts the parameters to evaluate into the model. A step after this
   * puts the stepped ones back.
   */
  @Override
  public void finalise() {
    TribuoRun now = run();
    now.end();
    if (saved != null) {
      saved.save(now);
    }
    now.stepper().showEvalParams();
    learned.set(Collections.unmodifiableMap(now.estimates()));
  }

  @Override
  public void reset() {
    run = null;
  }

  /** {@return an optimiser of the same configuration that has not begun to train} */
  @Override
  public GlissadeOptimiser copy() {
    return new GlissadeOptimiser(this);
  }

  /**
   * Returns what the optimizer has learned so far in a training loop of your own, or in the
   * training that ended last, by this object or a copy.
   *
   * @return by name: "d" of Prodigy and D-Adaptation, "s" of Mechanic, and "skipped", the number of
   *     skipped steps, as far as the optimizer has them
   */
  public Map<String, Double> estimates() {
    return run == null ? learned.get() : run.estimates();
  }

  /**
   * Returns a checkpoint of the training that this object is in: the stepped parameters, the
   * optimizer's state, the number of steps, and accumulated gradients.
   *
   * @return the checkpoint, on the optimizer's own memory: save it before the next step
   * @throws IllegalStateException if this object is in no training
   */
  public Checkpoint checkpoint() {
    return run().checkpoint();
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return new ConfiguredObjectProvenanceImpl(this, "StochasticGradientOptimiser");
  }

  @Override
  public String toString() {
    return "GlissadeOptimiser(optimizer=%s,arguments=%s,minibatchSize=%d,accumulate=%d)"
        .formatted(optimizer, new TreeMap<>(arguments), minibatchSize, accumulate);
  }
}
