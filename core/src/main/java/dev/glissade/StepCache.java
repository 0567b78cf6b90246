package dev.glissade;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled steps of a stepper, one for each form of the arguments. Keeps those that were used
 * last.
 */
final class StepCache<S> {
  private static final System.Logger LOG = System.getLogger("dev.glissade");
  private static final int MAX_STEPS = 64;

  /**
   * After this many new steps in a row that differ in the same value alone, a warning is logged.
   */
  private static final int CHANGES_TO_WARN = 8;

  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final Map<CompiledStep.Key, CompiledStep<S>> known =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CompiledStep.Key, CompiledStep<S>> eldest) {
          return size() > MAX_STEPS;
        }
      };

  private CompiledStep.@Nullable Key last;

  /** The name of the value that alone changed last time, and how many times in a row it has. */
  private @Nullable String changing;

  private int changes;
  private boolean warned;

  StepCache(GradientTransformation<S> transformation, Tree params) {
    this.transformation = transformation;
    this.params = params;
  }

  /**
   * Returns the compiled step for arguments of this form.
   *
   * @param zeroing whether the step sets the gradients to zero
   */
  CompiledStep<S> get(Tree gradients, S state, Extras extras, boolean zeroing) {
    CompiledStep.Key key = CompiledStep.Key.of(state, gradients, extras, zeroing);
    CompiledStep<S> compiled = known.get(key);
    if (compiled == null) {
      compiled = CompiledStep.of(transformation, key, gradients, state, params, extras);
      known.put(key, compiled);
      warn(key);
    }
    last = key;
    return compiled;
  }

  /** Logs, once, the name of a value that forces almost every step to be compiled. */
  private void warn(CompiledStep.Key key) {
    String changed = last == null ? null : key.changedSince(last);
    changes = changed != null && changed.equals(changing) ? changes + 1 : 1;
    changing = changed;
    if (changed == null || changes < CHANGES_TO_WARN || warned) {
      return;
    }
    warned = true;
    LOG.log(
        System.Logger.Level.WARNING,
        changed
            + " has a new value at nearly every step, so the stepper compiles each step again,"
            + " which is many times slower: keep a number that changes in a Scalar");
  }
}
