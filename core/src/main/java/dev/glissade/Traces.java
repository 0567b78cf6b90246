package dev.glissade;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stepper's steps, each form of arguments written down once; those used last are kept. */
final class Traces<S> {
  private static final System.Logger LOG = System.getLogger("dev.glissade");
  private static final int MOST = 64;

  /** After this many traces that differ in a value alone, the value changes at each step. */
  private static final int MANY = 8;

  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final Map<Trace.Key, Trace<S>> known =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trace.Key, Trace<S>> eldest) {
          return size() > MOST;
        }
      };

  private Trace.@Nullable Key last;

  /** What has changed last, alone, and how many times in a row. */
  private @Nullable String changing;

  private int changes;
  private boolean warned;

  Traces(GradientTransformation<S> transformation, Tree params) {
    this.transformation = transformation;
    this.params = params;
  }

  /**
   * The step for arguments of this form.
   *
   * @param zeroing whether it sets the gradients to zero
   */
  Trace<S> get(Tree gradients, S state, Extras extras, boolean zeroing) {
    Trace.Key key = Trace.key(state, gradients, extras, zeroing);
    Trace<S> trace = known.get(key);
    if (trace == null) {
      trace = Trace.of(transformation, key, gradients, state, params, extras);
      known.put(key, trace);
      warn(key);
    }
    last = key;
    return trace;
  }

  /** Names, once, a value that makes each step a program of its own. */
  private void warn(Trace.Key key) {
    String changed = last == null ? null : key.changedSince(last);
    changes = changed != null && changed.equals(changing) ? changes + 1 : 1;
    changing = changed;
    if (changed == null || changes < MANY || warned) {
      return;
    }
    warned = true;
    LOG.log(
        System.Logger.Level.WARNING,
        changed
            + " has another value at nearly every step, so the stepper prepares each step again,"
            + " which is many times slower: keep a number that changes in a Scalar");
  }
}
