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
  private int changes;

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
    if (changed == null || ++changes != MANY) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "%s changes from step to step, which makes steps many times slower, since the stepper prepares each:"
                .formatted(changed)
            + " a number that changes must be a Scalar");
  }
}
